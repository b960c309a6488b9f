// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Sockets;

/// <summary>Ports for who asks for none: RFC 6335 section 6 sets 49152 to 65535 aside for that.</summary>
public sealed class EphemeralPortTests
{
    [Theory]
    [InlineData(0, 49152)]
    [InlineData(1, 49153)]
    [InlineData(16383, 65535)]
    [InlineData(16384, 49152)]
    [InlineData(uint.MaxValue, 65535)]
    public void Any_random_number_leads_to_a_port_of_the_range(uint random, int port)
    {
        Assert.Equal(port, PortNumbers.PickEphemeral(new Constant(random)));
    }

    [Fact]
    public void The_whole_range_is_tried_once_round()
    {
        const int Ports = 65535 - 49152 + 1;
        HashSet<int> seen = [];
        int port = 60000;
        while (seen.Add(port))
        {
            Assert.InRange(port, 49152, 65535);
            port = PortNumbers.NextEphemeral(port);
        }

        Assert.Equal(60000, port);
        Assert.Equal(Ports, seen.Count);
    }

    private sealed class Constant(uint value) : RandomSource
    {
        public override uint Next() => value;
    }
}
