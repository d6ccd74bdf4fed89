"""The partner's API, independent of the portal's data: field names, answers, and a sandbox partner."""
