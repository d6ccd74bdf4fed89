"""When each call attempt can happen, for the first and for the last number called.

Pure: no Django, no database, no clock. What is assumed, since the partner says of an interval only
that it is "the amount of time before the next attempt (in minutes)":

- n rows mean n calls to a number. Row k's interval is the wait from the beginning of a number's call
  k to its call k + 1, in real minutes, also while the windows are closed and when the clocks change.
  After the last row there is no call, so its interval is waited for by nobody.
- Nobody is reached before the last call, so everybody needs every call. Who is reached drops out,
  and those after him are called sooner: the plan is the latest that it should become.
- Numbers are called in the order of the lists, round by round: everybody once before anybody twice.
- `Pace.lines` calls go on at a time and each takes `Pace.seconds`: a round is an even stream of
  people / lines * seconds. What other campaigns take of the lines is not known.
- A call begins only in a window. When a window closes calling stops, and goes on where it stopped
  when the next one opens; what falls due in between is called then. After the last window nothing is.
- Hours are on the wall clock of the client's zone. Of an hour that comes twice the first is meant.
"""
