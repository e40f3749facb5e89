"""An import whose files are read by the workers of a Dask cluster, and stored by one process as any other is.

dask     the workers, in the form in which an import asks for them
parts    what a worker made of a part of a file, as a Parquet file
plain    the same as plain JSON types, and back
remote   files that lie on HTTP, S3 …
"""
