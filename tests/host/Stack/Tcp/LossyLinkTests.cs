// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Two of our stacks, with different word orders, over a wire that does what wires do.</summary>
public sealed class LossyLinkTests
{
    private const int Size = 100000;

    public static TheoryData<uint, double, double, double, int> Wires()
    {
        TheoryData<uint, double, double, double, int> data = [];
        for (uint seed = 1; seed <= 8; seed++)
        {
            data.Add(seed, 0, 0, 0, 0);
            data.Add(seed, 0.02, 0, 0, 0);
            data.Add(seed, 0, 0.2, 0, 0);
            data.Add(seed, 0, 0, 0, 40);
            data.Add(seed, 0, 0, 0.05, 0);
            data.Add(seed, 0.05, 0.1, 0.02, 30);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public void F33_100_kB_arrive_exactly_whatever_the_wire_does(uint seed, double loss, double duplication, double corruption, int jitter)
    {
        LossyLink link = new(seed) { Loss = loss, Duplication = duplication, Corruption = corruption, Jitter = jitter };
        (int a, int b) = Connect(link);
        TestRandom random = new(seed);
        byte[] buffer = new byte[3000];
        int written = 0;
        int read = 0;
        bool end = false;

        bool done = link.Run(
            3600 * 1000,
            () =>
            {
                int size = Math.Min(1 + random.Below(2999), Size - written);
                if (size > 0)
                {
                    int taken = link.A.Stack.Sockets.Write(a, Wire.PatternBytes(written, size), 0, size);
                    bool later = taken is (int)SocketError.WouldBlock or (int)SocketError.NoBufferSpace;
                    Assert.True(taken > 0 || later, $"write: {(SocketError)taken} after {written} bytes");
                    written += Math.Max(taken, 0);
                    if (written == Size)
                    {
                        link.A.Stack.Sockets.Shutdown(a);
                    }
                }

                int count = link.B.Stack.Sockets.Read(b, buffer, 0, 1 + random.Below(2999));
                Assert.True(count >= 0 || count == (int)SocketError.WouldBlock, "read " + count);
                end = count == 0;
                for (int i = 0; i < count; i++)
                {
                    Assert.Equal(Wire.Pattern(read + i), buffer[i]);
                }

                read += Math.Max(count, 0);
            },
            () => end);

        Assert.True(done, $"{read} of {written} bytes after an hour");
        Assert.Equal(Size, read);
        Finish(link, a, b);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    [InlineData(4u)]
    public void Both_directions_at_once_over_a_bad_wire(uint seed)
    {
        LossyLink link = new(seed) { Loss = 0.05, Duplication = 0.05, Jitter = 20 };
        (int a, int b) = Connect(link);
        (LinkStation Station, int Socket)[] ends = [(link.A, a), (link.B, b)];
        int[] written = new int[2];
        int[] read = new int[2];
        byte[] buffer = new byte[2000];
        bool done = link.Run(
            3600 * 1000,
            () =>
            {
                for (int i = 0; i < 2; i++)
                {
                    SocketLayer sockets = ends[i].Station.Stack.Sockets;
                    int size = Math.Min(1000, 40000 - written[i]);
                    written[i] += size == 0 ? 0 : Math.Max(0, sockets.Write(ends[i].Socket, Wire.PatternBytes(written[i], size), 0, size));
                    int count = sockets.Read(ends[i].Socket, buffer, 0, buffer.Length);
                    Assert.True(count > 0 || count == (int)SocketError.WouldBlock, "read " + count);
                    for (int n = 0; n < count; n++)
                    {
                        Assert.Equal(Wire.Pattern(read[i] + n), buffer[n]);
                    }

                    read[i] += Math.Max(count, 0);
                }
            },
            () => read[0] == 40000 && read[1] == 40000);
        Assert.True(done, $"{read[0]} and {read[1]} bytes");
        Finish(link, a, b);
    }

    [Fact]
    public void A_wire_that_breaks_for_good_ends_both_with_TimedOut()
    {
        LossyLink link = new(5);
        (int a, int b) = Connect(link);
        link.A.Stack.Sockets.Write(a, new byte[100], 0, 100);
        link.B.Stack.Sockets.Write(b, new byte[100], 0, 100);
        link.Loss = 1;
        link.Run(400000, () => { }, () => false);
        Assert.Equal(SocketError.TimedOut, link.A.Stack.Sockets.GetError(a));
        Assert.Equal(SocketError.TimedOut, link.B.Stack.Sockets.GetError(b));
        link.Loss = 0;
        Finish(link, a, b);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    public void The_same_seed_gives_the_same_exchange(uint seed)
    {
        int[] frames = new int[2];
        int[] times = new int[2];
        for (int run = 0; run < 2; run++)
        {
            LossyLink link = new(seed) { Loss = 0.1, Jitter = 10 };
            (int a, int b) = Connect(link);
            byte[] buffer = new byte[2000];
            int read = 0;
            link.Run(
                600000,
                () =>
                {
                    link.A.Stack.Sockets.Write(a, buffer, 0, 1000);
                    read += Math.Max(0, link.B.Stack.Sockets.Read(b, buffer, 0, 2000));
                },
                () => read > 30000);
            frames[run] = link.FramesOnWire;
            times[run] = link.Now;
        }

        Assert.Equal(frames[0], frames[1]);
        Assert.Equal(times[0], times[1]);
    }

    internal static (int A, int B) Connect(LossyLink link)
    {
        SocketLayer client = link.A.Stack.Sockets;
        SocketLayer server = link.B.Stack.Sockets;
        int listener = server.Socket();
        Assert.Equal(0, server.Bind(listener, 80));
        Assert.Equal(0, server.Listen(listener, 2));
        int a = -1;
        int b = -1;
        link.Run(
            3600 * 1000,
            () =>
            {
                if (a < 0 || client.GetError(a) != SocketError.Success)
                {
                    // a wire may be too bad for ARP's three tries: an error, and the application tries again
                    if (a >= 0)
                    {
                        client.Close(a);
                    }

                    a = client.Socket();
                    client.Connect(a, link.B.Ip, 80);
                }

                if (b < 0)
                {
                    b = server.Accept(listener);
                }
            },
            () => b >= 0 && client.GetState(a) == TcpState.Established);
        Assert.True(b >= 0);
        server.Close(listener);
        return (a, b);
    }

    private static void Finish(LossyLink link, int a, int b)
    {
        link.A.Stack.Sockets.Close(a);
        link.B.Stack.Sockets.Close(b);
        link.Run(600000, () => { }, () => false);
        foreach (LinkStation station in new[] { link.A, link.B })
        {
            Assert.Equal(0, station.Stack.Tcp.BlocksInUse);
            for (int i = 0; i < station.Stack.Pool.Classes; i++)
            {
                Assert.Equal(0, station.Stack.Pool.InUse(i));
            }

            Assert.Equal(0u, station.Stack.Pool.DoubleReturns);
            Assert.Equal(0u, station.Stack.Pool.UsesAfterReturn);
        }
    }
}
