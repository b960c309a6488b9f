// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Tcp;

/// <summary>Several connections have something to do in one poll.</summary>
public sealed class OnePollTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Who_writes_twice_keeps_nobody_else_from_sending(int twice)
    {
        FourConnections network = new();
        network.Write();
        network.Write(twice);
        network.Run(FourConnections.AtOnce);
        Assert.All(network.Arrived, n => Assert.InRange(n, 1, 2));
        network.Run(1000);
        Assert.Equal(FourConnections.Count + 1, network.Arrived.Sum());
        network.AllIsAsBefore();
    }
}
