// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Tcp;

/// <summary>Frames of just the sizes that segments have: each segment finds one that it fits.</summary>
public sealed class FrameSizeTests : StackTest
{
    [Fact]
    public void Segments_without_text_fit_the_frames_that_are_taken_for_them()
    {
        // ARP; headers; headers and MSS; headers, MSS and permission for SACK
        TestNetwork net = Begin(configure: c =>
        {
            c.FrameCapacities = [42, 54, 58, 62, 1518];
            c.FrameCounts = [10, 10, 10, 10, 12];
        });
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        peer.Send("S", options: [2, 4, 5, 0xB4, 4, 2, 1, 1]);
        Assert.Equal([2, 4, 5, 0xB4, 1, 1, 4, 2], peer.Expect("SA", seq: 0, ack: 1, mss: 1460).Options);
        peer.Send("A");
        int socket = net.Accept(listener);
        peer.Send("PA", length: 10);
        Assert.Equal(Wire.PatternBytes(1, 10), net.Read(socket));
        net.Advance(200);
        peer.Expect("A", ack: 11);

        // the way out, and a reset
        TcpPeer server = net.Peer(stackPort: 0, port: 81);
        server.OpenFrom();
        TcpPeer stranger = net.Peer(stackPort: 82, port: 40500);
        stranger.Send("S");
        stranger.Expect("RA", ack: 1);
    }
}
