// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;

namespace HostTests.ZeroAllocation.Walk;

/// <summary>What a walk has seen.</summary>
internal sealed class WalkResult
{
    /// <summary>Gets the methods reached.</summary>
    public Dictionary<MethodDefinition, Step> Reached { get; } = [];

    /// <summary>Gets what allocates.</summary>
    public List<Violation> Violations { get; } = [];

    /// <summary>Gets the calls that no walked assembly implements: what is behind them was not looked at.</summary>
    public SortedSet<string> OpenCalls { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the framework methods that were called and are allowed, with the number of call sites.</summary>
    public SortedDictionary<string, int> AllowedCalls { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets the number of instructions looked at.</summary>
    public int Instructions { get; set; }

    /// <summary>Gets or sets the number of <c>try</c> blocks: entering one allocates nothing.</summary>
    public int TryBlocks { get; set; }

    /// <summary>Whether a method was reached, by "Namespace.Type::Name".</summary>
    public bool HasReached(string name) => Reached.Keys.Any(method => Violation.Name(method) == name);
}
