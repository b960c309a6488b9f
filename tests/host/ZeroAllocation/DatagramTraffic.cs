// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.ZeroAllocation;

/// <summary>Everything between two stacks that is no connection: large echoes and datagrams, in fragments, and both to oneself.</summary>
internal sealed class DatagramTraffic
{
    private const int Length = 2000;

    private readonly uint _server = IPv4Address.Parse("10.0.0.1");
    private readonly uint _client = IPv4Address.Parse("10.0.0.2");
    private readonly byte[] _buffer = new byte[4096];
    private readonly EchoResult _result = new();
    private readonly DatagramSource _source = new();
    private readonly int _echo;
    private readonly int _sender;
    private readonly int _receiver;
    private readonly int _own;

    public DatagramTraffic()
    {
        Stacks = new TwoStacks(WordOrder.LowByteFirst, WordOrder.HighByteFirst, order => new DigitsPage(order, 10));
        SocketLayer client = Stacks.Client.Sockets;
        _echo = client.Socket(SocketType.Echo);
        _sender = client.Socket(SocketType.Datagram);
        _own = client.Socket(SocketType.Datagram);
        _receiver = Stacks.Server.Sockets.Socket(SocketType.Datagram);
        client.Bind(_own, 8);
        Stacks.Server.Sockets.Bind(_receiver, 7);
        Stacks.Wait(5000);
    }

    public TwoStacks Stacks { get; }

    public int Arrived { get; private set; }

    public int Failures { get; private set; }

    public void Run(int times)
    {
        SocketLayer client = Stacks.Client.Sockets;
        for (int i = 0; i < times; i++)
        {
            Echo(_server);
            Echo(_client);
            Send(_server, 7, _receiver, Stacks.Server.Sockets);
            Send(_client, 8, _own, client);
        }
    }

    private void Echo(uint address)
    {
        SocketLayer client = Stacks.Client.Sockets;
        client.SendEcho(_echo, address, Length, 1000);
        Stacks.Wait(6);
        Count(client.ReceiveEcho(_echo, _result));
    }

    private void Send(uint address, int port, int socket, SocketLayer sockets)
    {
        Count(Stacks.Client.Sockets.SendTo(_sender, _buffer, 0, Length, address, port), only: false);
        Stacks.Wait(3);
        Count(sockets.ReceiveFrom(socket, _buffer, 0, _buffer.Length, _source));
    }

    private void Count(int result, bool only = true)
    {
        if (result != Length)
        {
            Failures++;
        }
        else if (only)
        {
            Arrived++;
        }
    }
}
