"""Calculate when each call attempt can happen, for the first and for the last number called.

Pure: no Django, no database, no clock. The partner says of an interval only that it is "the amount of
time before the next attempt (in minutes)". So the plan assumes:

- n rows mean n calls to a number. Row k's interval is the wait from the beginning of a number's call k to
  the beginning of its call k + 1, in real minutes. They also pass while the windows are closed, and a
  change of the clocks does not alter them. The last row's interval has no effect, since no call follows
  it.
- Nobody is reached before the last call, so everybody needs every call. In truth people who are reached
  drop out, and the people after them are called sooner: no call should be later than in the plan.
- Numbers are called in the order of the lists, round by round: everybody once before anybody twice.
- `Pace.lines` calls go on at a time, and each takes `Pace.seconds`. So a round is an even stream of
  people / lines * seconds. It is not known how many of the lines other campaigns use.
- A call begins only in a window. When a window closes, calling stops. It goes on where it stopped when
  the next window opens, and calls that fall due in between are made then. After the last window no call
  is made.
- Hours are on the wall clock of the client's zone. If an hour comes twice, the first is meant.
"""
