// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.PacketWay;

/// <summary>
/// What is traced: on a connection that has been used before, a segment with text arrives and is read, and text is written and leaves.
/// It runs in a second copy of this assembly, which is bound to the stack that reports its calls.
/// </summary>
internal static class Journeys
{
    /// <summary>Length of the text in bytes, each way.</summary>
    private const int Length = 100;

    /// <summary>Milliseconds after which an acknowledgment has gone that was delayed; the shortest timeout is longer than that.</summary>
    private const int Pause = 400;

    /// <summary>Makes all of them.</summary>
    /// <returns>The calls of each, as <see cref="CallLog.Record"/> lists them: the poll that takes in the segment, the call that reads
    /// it, the call that writes, the poll that sends.</returns>
    internal static int[][] Run()
    {
        TestNetwork net = new(WordOrder.LowByteFirst, configuration => configuration.GuardFrames = false);
        TcpPeer peer = net.Peer();
        int socket = peer.OpenFrom();
        byte[] text = Wire.PatternBytes(1, Length);
        byte[] buffer = new byte[2 * Length];

        // once untraced: what is done for the first text of a connection alone is not the usual way
        peer.Send("PA", length: Length);
        Assert.Equal(Length, net.Sockets.Read(socket, buffer, 0, buffer.Length));
        net.Write(socket, text);
        peer.Expect("PA", len: Length);
        peer.Send("A");
        net.Advance(Pause);

        int read = 0;
        int written = 0;
        peer.Send("PA", length: Length, poll: false);
        int[] received = CallLog.Record(() => net.Stack.Poll(net.Now));
        int[] taken = CallLog.Record(() => read = net.Sockets.Read(socket, buffer, 0, buffer.Length));
        net.Advance(Pause);
        peer.Expect("A", len: 0);
        int[] kept = CallLog.Record(() => written = net.Sockets.Write(socket, text, 0, Length));
        int[] sent = CallLog.Record(() => net.Stack.Poll(net.Now));

        // the traced calls have done what they are shown for
        Assert.Equal(Length, read);
        Assert.Equal(Length, written);
        peer.Expect("PA", len: Length);
        return [received, taken, kept, sent];
    }
}
