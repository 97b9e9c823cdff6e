-- A client that resumes an upload is given back what it said of the file.
ALTER TABLE evidence_files ADD COLUMN upload_metadata BLOB;
