/** A class or function that a pickle names. It is never called: only its name counts. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** NumPy's dtype as a pickle gives it. */
export class PickleDType {
  order = "<";
  constructor(readonly code: string) {}
}

/** NumPy's array as a pickle gives it: the values of objects as a list, those of numbers as bytes. */
export class PickleArray {
  shape: number[] = [];
  fortran = false;
  dtype = new PickleDType("O");
  data: unknown[] | Uint8Array = [];
}

/** What a pickle asks for that is not interpreted. The message is what a person reads. */
export class PickleRefused extends Error {}
