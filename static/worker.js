// Starts the program in a worker. The page puts the glue that wasm-bindgen wrote in front of this text, and sends the
// compiled program as the first message; the program sees that it runs in a worker and takes over `onmessage`.
self.onmessage = function (first) {
  self.onmessage = null;
  wasm_bindgen.initSync({ module: first.data.module });
};
