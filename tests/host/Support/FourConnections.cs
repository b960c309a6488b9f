// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Support;

/// <summary>Four connections from one stack to another, a byte at a time on each.</summary>
internal sealed class FourConnections
{
    /// <summary>How many there are.</summary>
    public const int Count = 4;

    /// <summary>Milliseconds there and back, and a turn.</summary>
    public const int AtOnce = 25;

    private const int Port = 80;

    private readonly LossyLink _link = new(7);
    private readonly int[] _clients = new int[Count];
    private readonly int[] _servers = new int[Count];
    private readonly byte[] _byte = new byte[1];

    public FourConnections()
    {
        SocketLayer a = _link.A.Stack.Sockets;
        SocketLayer b = _link.B.Stack.Sockets;
        int listener = b.Socket();
        b.Bind(listener, Port);
        b.Listen(listener, Count);
        for (int i = 0; i < Count; i++)
        {
            int client = _clients[i] = a.Socket();
            a.Connect(client, _link.B.Ip, Port);
            int server = -1;
            Assert.True(_link.Run(1000, () => server = server < 0 ? b.Accept(listener) : server, () => server >= 0));
            _servers[i] = server;
        }

        _link.Run(1000, () => { }, () => false);
    }

    /// <summary>How many bytes have arrived for each.</summary>
    public int[] Arrived { get; } = new int[Count];

    /// <summary>Gets or sets a value indicating whether nothing arrives.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Writes on each.</summary>
    public void Write() => Array.ForEach([.. Enumerable.Range(0, Count)], Write);

    /// <summary>Writes on one.</summary>
    public void Write(int connection) => Assert.Equal(1, _link.A.Stack.Sockets.Write(_clients[connection], _byte, 0, 1));

    /// <summary>Lets time pass, and reads what has arrived.</summary>
    public void Run(int milliseconds)
    {
        _link.Loss = IsDeaf ? 1 : 0;
        _link.Run(milliseconds, Read, () => false);
    }

    /// <summary>Runs until a send of the driver's ends in an exception, and goes on after it.</summary>
    public bool IsCutShort(int place, int milliseconds = 10)
    {
        _link.A.Interface.SendsBeforeFault = place;
        try
        {
            Run(milliseconds);
            return false;
        }
        catch (InvalidOperationException)
        {
            _link.A.Stack.LookAtAll();
            return true;
        }
    }

    /// <summary>Nobody is slow, now and later.</summary>
    public void AllIsAsBefore()
    {
        for (int i = 0; i < 3; i++)
        {
            Array.Clear(Arrived);
            Write();
            Run(AtOnce);
            Assert.All(Arrived, n => Assert.Equal(1, n));
            Run(500);
        }
    }

    private void Read()
    {
        for (int i = 0; i < Count; i++)
        {
            int count = _link.B.Stack.Sockets.Read(_servers[i], _byte, 0, 1);
            Arrived[i] += Math.Max(count, 0);
        }
    }
}
