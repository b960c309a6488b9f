// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Sockets;

/// <summary>Makes any call of the sockets by its name, with arguments that nothing is wrong with.</summary>
internal static class SocketCalls
{
    private static readonly byte[] s_buffer = new byte[100];

    private static readonly Dictionary<string, Func<SocketLayer, TestNetwork, int, int>> s_calls = new()
    {
        ["Bind"] = (sockets, _, d) => sockets.Bind(d, 4321),
        ["Listen"] = (sockets, _, d) => sockets.Listen(d, 1),
        ["Accept"] = (sockets, _, d) => sockets.Accept(d),
        ["Connect"] = (sockets, net, d) => sockets.Connect(d, net.Client.Ip, 4000),
        ["Shutdown"] = (sockets, _, d) => sockets.Shutdown(d),
        ["Close"] = (sockets, _, d) => sockets.Close(d),
        ["Abort"] = (sockets, _, d) => sockets.Abort(d),
        ["Write"] = Write,
        ["Read"] = (sockets, _, d) => sockets.Read(d, s_buffer, 0, 10),
        ["Peek"] = Peek,
        ["Consume"] = (sockets, _, d) => sockets.Consume(d, 0),
        ["SendTo"] = (sockets, net, d) => sockets.SendTo(d, s_buffer, 0, 10, net.Client.Ip, 9),
        ["SendWithoutAddress"] = (sockets, _, d) => sockets.SendWithoutAddress(d, s_buffer, 0, 10, 67),
        ["ReceiveFrom"] = (sockets, _, d) => sockets.ReceiveFrom(d, s_buffer, 0, 10, new DatagramSource()),
        ["Reserve"] = (sockets, _, d) => sockets.Reserve(d, 10, new SendView()),
        ["Commit"] = (sockets, _, d) => sockets.Commit(d, 10),
        ["CommitTo"] = (sockets, net, d) => sockets.CommitTo(d, 10, net.Client.Ip, 9),
        ["SendEcho"] = (sockets, net, d) => sockets.SendEcho(d, net.Client.Ip, 8, 1000),
        ["ReceiveEcho"] = (sockets, _, d) => sockets.ReceiveEcho(d, new EchoResult()),
        ["SetNoDelay"] = (sockets, _, d) => sockets.SetNoDelay(d, true),
        ["SetKeepAlive"] = (sockets, _, d) => sockets.SetKeepAlive(d, 1000),
        ["SetUserTimeout"] = (sockets, _, d) => sockets.SetUserTimeout(d, 1000),
        ["SetTimeToLive"] = (sockets, _, d) => sockets.SetTimeToLive(d, 64),
        ["SetBroadcast"] = (sockets, _, d) => sockets.SetBroadcast(d, true),
        ["SetMulticastTimeToLive"] = (sockets, _, d) => sockets.SetMulticastTimeToLive(d, 2),
        ["SetReuseAddress"] = (sockets, _, d) => sockets.SetReuseAddress(d, true),
        ["SetMulticastLoopback"] = (sockets, _, d) => sockets.SetMulticastLoopback(d, true),
        ["JoinGroup"] = (sockets, _, d) => sockets.JoinGroup(d, Wire.Address("224.0.0.251")),
        ["LeaveGroup"] = (sockets, _, d) => sockets.LeaveGroup(d, Wire.Address("224.0.0.251")),
        ["GetAvailable"] = (sockets, _, d) => sockets.GetAvailable(d),
        ["GetReadiness"] = (sockets, _, d) => sockets.GetReadiness(d),
        ["GetLocalPort"] = (sockets, _, d) => sockets.GetLocalPort(d),
        ["GetRemotePort"] = (sockets, _, d) => sockets.GetRemotePort(d),
        ["GetSourcePort"] = (sockets, _, d) => sockets.GetSourcePort(d),
        ["GetWaiting"] = (sockets, _, d) => sockets.GetWaiting(d),
        ["GetAge"] = (sockets, _, d) => sockets.GetAge(d),
        ["GetSendWindow"] = (sockets, _, d) => sockets.GetSendWindow(d),
    };

    public static IEnumerable<string> All => s_calls.Keys;

    public static int Make(TestNetwork net, int socket, string call) => s_calls[call](net.Sockets, net, socket);

    /// <summary>By bytes, and where there is the other overload by words, which is to say the same.</summary>
    private static int Write(SocketLayer sockets, TestNetwork net, int descriptor)
    {
        int words = sockets.Write(descriptor, new WordBuffer("ten bytes.", net.Stack.Pool.Order), 0);
        int bytes = sockets.Write(descriptor, s_buffer, 0, 10);
        Assert.True(words == bytes || words == (int)SocketError.OperationNotSupported);
        return bytes;
    }

    /// <summary>Without the sender, and where there is the other overload with it, which is to say the same.</summary>
    private static int Peek(SocketLayer sockets, TestNetwork net, int descriptor)
    {
        int whole = sockets.Peek(descriptor, new ReceivedView(), new DatagramSource());
        int view = sockets.Peek(descriptor, new ReceivedView());
        Assert.True(whole == view || whole == (int)SocketError.OperationNotSupported);
        return view;
    }
}
