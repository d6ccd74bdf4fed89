"""What contact lists and files of numbers to suppress share: reading an uploaded file."""
