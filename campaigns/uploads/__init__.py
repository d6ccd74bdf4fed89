"""Reading of uploaded files, shared by contact lists and files of numbers to suppress."""
