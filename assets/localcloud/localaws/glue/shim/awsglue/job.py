"""The job: where bookmarks begin and are committed."""

import sys

from awsglue import bookmark


class Job:
    """A run of a job."""

    _arguments = None

    def __init__(self, glue_context=None):
        self.glue_context = glue_context

    @classmethod
    def is_initialized(cls):
        return cls._arguments is not None

    @classmethod
    def init(cls, job_name, args=None):
        cls._arguments = dict(args or {})
        cls.job_name = job_name
        option = cls._arguments.get("job_bookmark_option")
        if option is None and "--job-bookmark-option" in sys.argv:
            option = sys.argv[sys.argv.index("--job-bookmark-option") + 1]
        bookmark.begin(option or "job-bookmark-disable")

    @classmethod
    def commit(cls):
        bookmark.commit()
