using Xunit;

// Labs share one kernel: settings that one puts back would look like drift to another. And a computer has so many cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
