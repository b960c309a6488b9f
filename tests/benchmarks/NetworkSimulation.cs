// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;

namespace Benchmarks;

/// <summary>
/// Throughput between two stacks on a virtual clock, by buffer size and loss, with the axes of smoltcp's netsim: a round trip of
/// 100 ms, no limit of bandwidth, frames lost both ways.
/// </summary>
internal static class NetworkSimulation
{
    private const int OneWay = 50;
    private const int Port = 5001;
    private const int FullSegment = 1460;
    private const int Most = 10 << 20;
    private const long Longest = 20_000_000;
    private const uint Server = 0x0A000001;

    public static double[] Losses { get; } = [0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3];

    public static int[] Buffers { get; } = [1024, 2048, 4096, 32768];

    /// <summary>Bytes per second that arrive.</summary>
    /// <param name="buffer">Bytes that each end may keep.</param>
    /// <param name="loss">Share of frames that are lost.</param>
    /// <param name="congestionControl">Whether the network is trusted with little at first, and with less after a loss.</param>
    public static double Throughput(int buffer, double loss, bool congestionControl)
    {
        var near = new DelayedLink(1, OneWay, loss, 1);
        var far = new DelayedLink(2, OneWay, loss, 2);
        near.Peer = far;
        far.Peer = near;
        TcpIpStack server = Stack(near, buffer, Server, 3, congestionControl);
        TcpIpStack client = Stack(far, buffer, Server + 1, 4, congestionControl);

        int listener = server.Sockets.Socket();
        server.Sockets.Bind(listener, Port);
        server.Sockets.Listen(listener, 1);
        int sending = client.Sockets.Socket();
        client.Sockets.Connect(sending, Server, Port);

        var data = new byte[buffer];
        var read = new byte[buffer];
        int receiving = -1;
        long now = 0;
        long begin = -1;
        long received = 0;
        while (received < Most && now < Longest)
        {
            near.Now = now;
            far.Now = now;
            int wait = Math.Min(server.Poll((int)now), client.Poll((int)now));
            if (receiving < 0)
            {
                receiving = server.Sockets.Accept(listener);
                begin = now;
            }
            else
            {
                int count;
                while ((count = server.Sockets.Read(receiving, read, 0, read.Length)) > 0)
                {
                    received += count;
                }
            }

            while (client.Sockets.Write(sending, data, 0, data.Length) > 0)
            {
                // as much as the buffer takes
            }

            if (!server.NeedsPoll && !client.NeedsPoll)
            {
                now += Math.Max(1, Math.Min(wait, Math.Min(near.NextArrival, far.NextArrival)));
            }
        }

        return received * 1000.0 / (now - begin);
    }

    private static TcpIpStack Stack(DelayedLink link, int buffer, uint address, int seed, bool congestionControl)
    {
        int segments = (buffer + FullSegment - 1) / FullSegment;
        var stack = new TcpIpStack(
            new StackConfiguration
            {
                TcpReceiveWindow = buffer,
                TcpReceiveFrames = segments + 4,
                TcpOutOfOrderFrames = segments,
                TcpSendFrames = segments,
                TransmitQueue = 64,
                FrameCounts = [64, 16, 16, 16, 16, 4 * (segments + 4)],
                TcpCongestionControl = congestionControl,
                TcpUserTimeout = int.MaxValue >> 1,
                TcpConnectTimeout = int.MaxValue >> 1,
            },
            link,
            new FixedRandom(seed));
        stack.Configure(address, 0xFFFFFF00, 0);
        return stack;
    }
}
