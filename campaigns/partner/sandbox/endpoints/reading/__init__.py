"""What the partner lets be read: [public] the pages for direct clients, with their own spellings."""
