// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sntp;

namespace HostTests.Stack.Sntp;

/// <summary>What all tests of the client share: a network with servers that know the time, and the questions, each checked by the referee.</summary>
public abstract class SntpTest : StackTest
{
    internal static readonly uint FirstServer = Wire.Address("192.168.1.123");
    internal static readonly uint SecondServer = Wire.Address("192.168.1.124");

    internal TestNetwork Net { get; private set; } = null!;

    internal SntpClient Client { get; private set; } = null!;

    /// <summary>Gets what was asked.</summary>
    internal List<SeenFrame> Asked { get; } = [];

    internal SeenFrame Last => Asked[^1];

    /// <summary>Gets or sets the time of day when the test began.</summary>
    internal DateTime Began { get; set; } = new(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>Gets the time of day.</summary>
    internal DateTime True => Began.AddMilliseconds(Net.Elapsed);

    internal DateTime Told => DateTime.UnixEpoch.AddMilliseconds(Client.GetTime(Net.Now));

    /// <summary>Gets or sets what the servers answer; null is silence.</summary>
    internal Func<SeenFrame, SntpMessage?> Says { get; set; } = _ => null;

    /// <summary>Gets or sets the milliseconds on the way there and back.</summary>
    internal int Way { get; set; }

    internal void Start(Action<SntpConfiguration>? configure = null, int servers = 1, Action<StackConfiguration>? stack = null, uint seed = 1, WordOrder order = WordOrder.LowByteFirst)
    {
        Net = Begin(order, stack, seed);
        Net.AddHost(0x020000000123, FirstServer);
        Net.AddHost(0x020000000124, SecondServer);
        Says = Right;
        SntpConfiguration configuration = new() { StartSpread = 1 };
        configure?.Invoke(configuration);
        Client = new SntpClient(Net.Stack, new TestRandom(seed + 100), configuration);
        Assert.Equal(0, servers > 0 ? Client.SetServer(0, FirstServer) : 0);
        Assert.Equal(0, servers > 1 ? Client.SetServer(1, SecondServer) : 0);
        Net.Application = Client.Poll;
        Net.Listener = frame =>
        {
            if (frame.IsUdp && frame.DestinationPort == 123)
            {
                Check(frame);
                Asked.Add(frame);
                if (Way == 0 && Says(frame) is { } answer)
                {
                    Send(answer.Bytes, frame);
                }
            }
        };
    }

    /// <summary>What an honest server says.</summary>
    internal SntpMessage Right(SeenFrame question) => new(question.Text, True, True);

    internal void Send(byte[] message, SeenFrame question, uint? from = null, int fromPort = 123, int? toPort = null)
    {
        uint source = from ?? question.IpDestination;
        byte[] datagram = FrameBuilder.Udp(source, TestNetwork.StackIp, fromPort, toPort ?? question.SourcePort, message);
        Net.Interface.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, 0x020000000123, 0x0800, FrameBuilder.Ip(source, TestNetwork.StackIp, 17, datagram)));
    }

    private static void Check(SeenFrame frame)
    {
        Assert.Equal(48, frame.Text.Length);
        Assert.Equal(0x23, frame.Text[0]);
        Assert.Equal(new byte[39], frame.Text[1..40]);
        Assert.NotEqual(new byte[8], frame.Text[40..48]);
        Assert.InRange(frame.SourcePort, 1024, 65535);
    }
}
