// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.SystemNet;

/// <summary>Tests that use the one network which a process has, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class NetworkCollection : ICollectionFixture<LoopbackNetwork>
{
    public const string Name = "System.Net";
}
