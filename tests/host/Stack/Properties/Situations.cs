// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Properties;

/// <summary>Brings a connection into a state, by one of the ways that lead there.</summary>
internal static class Situations
{
    /// <returns>The application's socket, or -1 where it has none (any more); and the listener, or -1.</returns>
    public static (int Socket, int Listener) Reach(TestNetwork net, TcpPeer peer, TcpState state, Choices choices)
    {
        if (state == TcpState.SynSent || (state == TcpState.SynReceived && choices.OneIn(2)))
        {
            int opening = net.Sockets.Socket();
            peer.StackPort = 0;
            Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(opening, net.Client.Ip, peer.Port));
            peer.Expect("S");
            if (state == TcpState.SynReceived)
            {
                // both SYNs cross
                peer.Send("S", mss: 1460);
                peer.Expect("SA");
            }

            return (opening, -1);
        }

        int listener = net.Listen(1000, 2);
        if (state == TcpState.SynReceived)
        {
            peer.Send("S", mss: 1460);
            peer.Expect("SA");
            return (-1, listener);
        }

        int socket = choices.OneIn(2) ? peer.OpenTo(listener) : Active(net, peer);
        int unsent = choices.Pick(0, 10, 2000);
        if (choices.OneIn(3))
        {
            peer.Send("PA", length: choices.Pick(10, 1000));
            peer.Send("PA", seq: peer.SndNxt + 50, length: 20);
            peer.TakeAll();
        }

        if (state is TcpState.CloseWait or TcpState.LastAck)
        {
            // nothing may be missing before the FIN
            peer.Send("A");
            peer.SndNxt = Next(net, peer);
            peer.Send("FA");
            peer.TakeAll();
        }

        net.Sockets.Write(socket, new byte[4000], 0, unsent);
        net.Poll();
        peer.TakeAll();
        if (state is TcpState.Established or TcpState.CloseWait)
        {
            return (socket, listener);
        }

        bool stays = choices.OneIn(2);
        net.Read(socket);
        Assert.Equal(0, stays ? net.Sockets.Shutdown(socket) : net.Sockets.Close(socket));
        net.Poll();
        peer.TakeAll();
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.InUse && b.RemotePort == peer.Port);
        if (state is TcpState.FinWait2 or TcpState.TimeWait)
        {
            AcknowledgeAll(net, peer, block);
        }

        if (state is TcpState.Closing or TcpState.TimeWait)
        {
            peer.SndNxt = Next(net, peer);
            peer.Send("FA", ack: (int)(block.SndUna - block.Iss));
            peer.TakeAll();
        }

        Assert.Equal(state, block.State);
        return (stays ? socket : -1, listener);
    }

    private static int Active(TestNetwork net, TcpPeer peer)
    {
        int socket = peer.OpenFrom();
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        return socket;
    }

    private static long Next(TestNetwork net, TcpPeer peer)
    {
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.InUse && b.RemotePort == peer.Port);
        return (int)(block.RcvNxt - peer.Iss);
    }

    /// <summary>The peer acknowledges until all that was written, and the FIN behind it, has arrived.</summary>
    private static void AcknowledgeAll(TestNetwork net, TcpPeer peer, TcpControlBlock block)
    {
        for (int i = 0; i < 20 && block.State == TcpState.FinWait1; i++)
        {
            peer.SndNxt = Next(net, peer);
            peer.Send("A", ack: (int)(block.SndMax - block.Iss));
            net.Advance(300);
            peer.TakeAll();
        }
    }
}
