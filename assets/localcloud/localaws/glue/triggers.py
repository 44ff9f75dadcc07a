OPERATIONS: dict = {}


def job_ended(region, run):
    pass
