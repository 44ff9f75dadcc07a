"""What is corrected in the emulator's S3: payload hashes, and large bodies on disk."""
