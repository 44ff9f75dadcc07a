"""Transforms: classes whose `apply` does what the frame's method of the same meaning does."""

from awsglue.dynamicframe import DynamicFrameCollection, drop_nulls


class GlueTransform:
    """A transform."""

    @classmethod
    def name(cls):
        return cls.__name__


class ApplyMapping(GlueTransform):
    @classmethod
    def apply(cls, frame, mappings, case_sensitive=False, transformation_ctx="", **options):
        return frame.apply_mapping(mappings, case_sensitive, transformation_ctx, **options)


class SelectFields(GlueTransform):
    @classmethod
    def apply(cls, frame, paths, transformation_ctx="", **options):
        return frame.select_fields(paths, transformation_ctx, **options)


class DropFields(GlueTransform):
    @classmethod
    def apply(cls, frame, paths, transformation_ctx="", **options):
        return frame.drop_fields(paths, transformation_ctx, **options)


class DropNullFields(GlueTransform):
    @classmethod
    def apply(cls, frame, transformation_ctx="", **_options):
        return drop_nulls(frame)


class RenameField(GlueTransform):
    @classmethod
    def apply(cls, frame, old_name, new_name, transformation_ctx="", **options):
        return frame.rename_field(old_name, new_name, transformation_ctx, **options)


class Filter(GlueTransform):
    @classmethod
    def apply(cls, frame, f, transformation_ctx="", **options):
        return frame.filter(f, transformation_ctx, **options)


class Map(GlueTransform):
    @classmethod
    def apply(cls, frame, f, transformation_ctx="", **options):
        return frame.map(f, transformation_ctx=transformation_ctx, **options)


class Join(GlueTransform):
    @classmethod
    def apply(cls, frame1, frame2, keys1, keys2, transformation_ctx="", **options):
        return frame1.join(keys1, keys2, frame2, transformation_ctx, **options)


class ResolveChoice(GlueTransform):
    @classmethod
    def apply(cls, frame, specs=None, choice="", database=None, table_name=None, transformation_ctx="", **options):
        return frame.resolveChoice(specs, choice, database, table_name, transformation_ctx, **options)


class Relationalize(GlueTransform):
    @classmethod
    def apply(cls, frame, staging_path=None, name="roottable", options=None, transformation_ctx="", **more):
        return frame.relationalize(name, staging_path, options, transformation_ctx, **more)


class Unbox(GlueTransform):
    @classmethod
    def apply(cls, frame, path, format, transformation_ctx="", **options):
        return frame.unbox(path, format, transformation_ctx, **options)


class UnnestFrame(GlueTransform):
    @classmethod
    def apply(cls, frame, transformation_ctx="", **options):
        return frame.unnest(transformation_ctx, **options)


class SplitFields(GlueTransform):
    @classmethod
    def apply(cls, frame, paths, name1="frame1", name2="frame2", transformation_ctx="", **options):
        return frame.split_fields(paths, name1, name2, transformation_ctx, **options)


class SelectFromCollection(GlueTransform):
    @classmethod
    def apply(cls, dfc, key, transformation_ctx="", **_options):
        return dfc.select(key)


class Spigot(GlueTransform):
    @classmethod
    def apply(cls, frame, path, options=None, transformation_ctx="", **more):
        return frame.spigot(path, options, transformation_ctx, **more)


class MapToCollection(GlueTransform):
    @classmethod
    def apply(cls, dfc, callable, transformation_ctx="", **_options):
        return dfc.map(callable)


__all__ = [
    "ApplyMapping", "DropFields", "DropNullFields", "DynamicFrameCollection", "Filter", "GlueTransform", "Join", "Map",
    "MapToCollection", "Relationalize", "RenameField", "ResolveChoice", "SelectFields", "SelectFromCollection",
    "Spigot", "SplitFields", "Unbox", "UnnestFrame",
]  # fmt: skip
