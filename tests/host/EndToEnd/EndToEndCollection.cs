// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.EndToEnd;

/// <summary>These tests run in real time: one after the other, when the rest is done, so that they have the PC for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class EndToEndCollection
{
    public const string Name = "End to end";
}
