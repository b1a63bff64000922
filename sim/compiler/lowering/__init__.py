"""How the engine's statements become LLVM instructions where Numba by itself writes many that LLVM only takes away again.

Numba copies an array's description to the stack at every look at an element, clears and reloads variables for counts of
references that the engine doesn't keep, searches its rules anew for every sum of two numbers, and takes what a called
function returned apart for errors that there are none of. The instructions here do the same work; results are the same to
the bit. Whatever isn't mentioned here, Numba lowers as ever.
"""
