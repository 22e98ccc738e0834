// Of the tests that look at mutants alone: one that hangs a test is found by this, which is sooner than the runner's own time-out.
beforeEach(function () {
  this.currentTest?.timeout(4000);
});
