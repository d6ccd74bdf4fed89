"""The partner's API and nothing of ours: its words, its answers, and a stand-in for it."""
