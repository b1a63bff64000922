"""Names for the array types of the package, by element: 64-bit floats, 64- and 32-bit integers, bytes, booleans."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
I32 = npt.NDArray[np.int32]
U32 = npt.NDArray[np.uint32]
U8 = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
