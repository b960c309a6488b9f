// Licensed under the MIT license. See LICENSE in the repository root.

using System.Numerics;

namespace HostTests.Stack.Hostile;

/// <summary>
/// Input 65 of HOSTILE.md: somebody samples initial sequence numbers. He knows when each connection was opened and from which port,
/// takes the part that grows with the clock away, and looks for a pattern in the rest.
/// </summary>
public sealed class HostileSequenceTests : HostileTest
{
    private const int Samples = 1000;

    [Fact]
    public void X65_1000_connections_tell_nothing_of_the_next()
    {
        Site(c => c.TcpTimeWait = 0);
        uint[] rest = new uint[Samples];
        for (int i = 0; i < Samples; i++)
        {
            rest[i] = Sample(1024 + i) - ((uint)Net.Now * 250);
            Net.Advance(1 + (i % 7));
        }

        Assert.Equal(Samples, rest.Distinct().Count());
        AssertLooksRandom(rest);

        // nor do the differences, of which a counter or a slow generator would show
        AssertLooksRandom([.. rest.Skip(1).Select((v, i) => v - rest[i])]);
        AssertLooksRandom([.. rest.Skip(1).Select((v, i) => v ^ rest[i])]);
        AssertServed();
    }

    [Fact]
    public void X65_one_pair_of_endpoints_sees_its_numbers_grow()
    {
        // RFC 6528: so that an old segment is not taken for one of the new connection
        uint last = Sample(5000);
        for (int i = 0; i < 50; i++)
        {
            Net.Advance(40);
            uint next = Sample(5000);
            Assert.InRange(next - last, 40u * 250, (40u * 250) + 2500);
            last = next;
        }

        AssertServed();
    }

    [Fact]
    public void X65_another_start_is_another_sequence()
    {
        HashSet<uint> seen = [];
        for (uint seed = 1; seed <= 100; seed++)
        {
            TestNetwork net = Begin(seed: seed);
            net.Listen();
            TcpPeer peer = net.Peer();
            peer.Send("S");
            seen.Add(peer.Expect("SA").Seq);
            peer.Send("R", seq: 1);
        }

        Assert.Equal(100, seen.Count);
        Assert.True(seen.Select(s => s >> 24).Distinct().Count() > 60);
    }

    /// <summary>
    /// Each bit is set in half of the numbers, each value of the upper and of the lower byte comes about equally often, and one number
    /// tells nothing of the next. The bounds are more than four standard deviations wide; the seed is fixed.
    /// </summary>
    private static void AssertLooksRandom(uint[] numbers)
    {
        double deviation = Math.Sqrt(numbers.Length) / 2;
        for (int bit = 0; bit < 32; bit++)
        {
            int set = numbers.Count(n => (n >> bit & 1) != 0);
            Assert.InRange(set, (numbers.Length / 2) - (4.5 * deviation), (numbers.Length / 2) + (4.5 * deviation));
            int same = numbers.Skip(1).Where((n, i) => ((n ^ numbers[i]) >> bit & 1) == 0).Count();
            Assert.InRange(same, (numbers.Length / 2) - (4.5 * deviation), (numbers.Length / 2) + (4.5 * deviation));
        }

        foreach (int shift in new[] { 0, 28 })
        {
            // chi square with 15 degrees of freedom: above 45 once in ten thousand
            double expected = numbers.Length / 16.0;
            double chi = Enumerable.Range(0, 16)
                .Sum(v => Math.Pow(numbers.Count(n => (n >> shift & 15) == v) - expected, 2) / expected);
            Assert.InRange(chi, 2, 45);
        }

        double distance = numbers.Skip(1).Select((n, i) => (double)BitOperations.PopCount(n ^ numbers[i])).Average();
        Assert.InRange(distance, 15.5, 16.5);
    }

    private uint Sample(int port)
    {
        TcpPeer peer = Net.Peer(80, port);
        peer.Send("S");
        uint iss = peer.Expect("SA").Seq;
        peer.Send("R", seq: 1);
        peer.ExpectNothing();
        return iss;
    }
}
