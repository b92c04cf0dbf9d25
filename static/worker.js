// Starts the engine inside the worker. The glue stands above; the first message brings the compiled module.
// A trap inside a promise (out of memory, a panic) is no error event by itself: it is made one, so that the page hears of it.
self.addEventListener("unhandledrejection", (event) => {
  setTimeout(() => {
    throw event.reason;
  });
});
self.onmessage = (event) => {
  self.onmessage = null;
  wasm_bindgen.initSync({ module: event.data.module });
};
