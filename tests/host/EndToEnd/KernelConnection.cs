// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using VirtualBoard.Forward;
using SocketError = TcpIp.SocketError;

namespace HostTests.EndToEnd;

/// <summary>A connection between the stack and the kernel: both ends of it.</summary>
internal sealed class KernelConnection : IDisposable
{
    private const int Port = 5001;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private KernelConnection(Socket socket, int descriptor)
    {
        Socket = socket;
        Descriptor = descriptor;
    }

    /// <summary>Gets the kernel's end.</summary>
    public Socket Socket { get; }

    /// <summary>Gets the stack's end.</summary>
    public int Descriptor { get; }

    /// <summary>The kernel connects to the stack.</summary>
    /// <param name="station">The stack.</param>
    /// <param name="patience">How long the kernel's end waits for anything.</param>
    public static KernelConnection FromKernel(KernelStation station, TimeSpan patience)
    {
        Socket socket = station.Namespace.OpenSocket(SocketType.Stream, (int)patience.TotalMilliseconds);
        int listener = station.Sockets.Socket();
        Assert.Equal(0, station.Sockets.Bind(listener, Port));
        Assert.Equal(0, station.Sockets.Listen(listener, 1));
        Task partner = Task.Factory.StartNew(() => socket.Connect(KernelNamespace.StackAddress, Port), TaskCreationOptions.LongRunning);
        int descriptor = -1;
        station.Run(s_limit, partner, () => (descriptor = descriptor < 0 ? station.Sockets.Accept(listener) : descriptor) >= 0);
        Assert.Equal(0, station.Sockets.Close(listener));
        return new KernelConnection(socket, descriptor);
    }

    /// <summary>The stack connects to the kernel.</summary>
    /// <param name="station">The stack.</param>
    /// <param name="patience">How long the kernel's end waits for anything.</param>
    public static KernelConnection FromStack(KernelStation station, TimeSpan patience)
    {
        using Socket listener = station.Namespace.OpenSocket(SocketType.Stream, (int)patience.TotalMilliseconds);
        listener.Bind(new IPEndPoint(KernelNamespace.KernelAddress, Port));
        listener.Listen();
        int descriptor = station.Sockets.Socket();
        Assert.Equal((int)SocketError.InProgress, station.Sockets.Connect(descriptor, BoardSubnet.Gateway, Port));
        Task<Socket> partner = Task.Factory.StartNew(listener.Accept, TaskCreationOptions.LongRunning);
        station.Run(s_limit, partner);
        partner.Result.ReceiveTimeout = partner.Result.SendTimeout = (int)patience.TotalMilliseconds;
        return new KernelConnection(partner.Result, descriptor);
    }

    public void Dispose() => Socket.Dispose();
}
