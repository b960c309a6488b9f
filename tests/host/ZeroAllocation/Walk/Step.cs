// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;

namespace HostTests.ZeroAllocation.Walk;

/// <summary>A method that the walk has reached.</summary>
/// <param name="Method">The method.</param>
/// <param name="Caller">From where, by the shortest way; null for an entry point.</param>
/// <param name="Called">What the caller names, which may be a slot of an interface or a base class; null for an entry point.</param>
internal sealed record Step(MethodDefinition Method, Step? Caller, MethodReference? Called);
