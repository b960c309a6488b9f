// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Http;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Http;

/// <summary>A web server, and clients of every kind, each with a real TCP that repeats its SYN: the wire between them is good.</summary>
internal sealed class HttpStreet
{
    public const string Page = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    public const string LargePage = "GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private readonly LossyLink _link;
    private readonly List<HttpVisitor> _visitors = [];

    public HttpStreet(int places, int sockets)
    {
        _link = new LossyLink(
            1,
            c =>
            {
                c.TcpSockets = sockets;
                c.FrameCounts = [12, 6, 4, 4, 4, 6];
            },
            c =>
            {
                c.TcpSockets = 100;
                c.FrameCounts = [400, 400, 400, 400, 400, 400];
            });
        _link.Delay = 2;
        Server = new HttpServer(
            _link.A.Stack.Sockets,
            WordOrder.LowByteFirst,
            80,
            places,
            [new TestPage("/", 300, WordOrder.LowByteFirst), new TestPage("/large", 20000, WordOrder.LowByteFirst)]);

        // the ARP caches know each other
        HttpVisitor first = Add(new HttpVisitor { Request = Page });
        Run(500);
        Xunit.Assert.NotNull(first.ServedAt);
    }

    public HttpServer Server { get; }

    public int Now => _link.Now;

    public SocketLayer Clients => _link.B.Stack.Sockets;

    public uint Address => _link.A.Ip;

    /// <summary>Gets or sets what else happens while time passes.</summary>
    public Action? Also { get; set; }

    public HttpVisitor Add(HttpVisitor visitor)
    {
        visitor.Begin(this);
        _visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Adds visitors, one after the other.</summary>
    public HttpVisitor[] AddMany(int count, Func<HttpVisitor> make)
    {
        HttpVisitor[] visitors = new HttpVisitor[count];
        for (int i = 0; i < count; i++)
        {
            visitors[i] = Add(make());
            Run(10);
        }

        return visitors;
    }

    public void Run(int milliseconds) => _link.Run(milliseconds, Step, () => false);

    /// <summary>Milliseconds from a newcomer's first SYN to the last byte of its page.</summary>
    public int Newcomer(int limit = 30_000)
    {
        HttpVisitor newcomer = Add(new HttpVisitor { Request = Page });
        _link.Run(limit, Step, () => newcomer.IsOver);
        return newcomer.ServedAt is int at ? at - newcomer.BeganAt : int.MaxValue;
    }

    private void Step()
    {
        Server.Poll(_link.Now);
        Also?.Invoke();
        foreach (HttpVisitor visitor in _visitors.ToArray())
        {
            visitor.Step();
        }

        _visitors.RemoveAll(visitor => visitor.IsOver);
        _link.WakeAt = _link.Now + 5;
    }
}

/// <summary>A client of the web server, honest if nothing else is set.</summary>
internal sealed class HttpVisitor
{
    private readonly byte[] _buffer = new byte[2000];
    private readonly StringBuilder _received = new();
    private HttpStreet _street = null!;
    private int _socket;
    private int _sent;
    private int _sentAt;

    /// <summary>Gets what it sends; nothing if null.</summary>
    public string? Request { get; init; }

    /// <summary>Gets the milliseconds between two of its bytes; 0 if it sends them all at once.</summary>
    public double Interval { get; init; }

    /// <summary>Gets the bytes that it reads at most; then it holds still.</summary>
    public int Reads { get; init; } = int.MaxValue;

    /// <summary>Gets the milliseconds in which it reads a byte; 0 if it reads what there is.</summary>
    public double ReadInterval { get; init; }

    /// <summary>Gets a value indicating whether it leaves its direction open when the server has closed.</summary>
    public bool StaysOpen { get; init; }

    public int BeganAt { get; private set; }

    public int? ServedAt { get; private set; }

    public bool IsOver { get; private set; }

    /// <summary>Gets a value indicating whether the server has closed, or reset, before the answer was complete.</summary>
    public bool WasTurnedOut { get; private set; }

    public bool WasReset { get; private set; }

    public string Received => _received.ToString();

    public void Begin(HttpStreet street)
    {
        _street = street;
        BeganAt = street.Now;
        _sentAt = street.Now;
        _socket = street.Clients.Socket();
        street.Clients.SetNoDelay(_socket, true);
        street.Clients.Connect(_socket, street.Address, 80);
    }

    public void Step()
    {
        if (_street.Clients.GetState(_socket) == TcpState.SynSent)
        {
            return;
        }

        if (Request != null && _sent < Request.Length && !WasTurnedOut)
        {
            int due = Interval == 0 ? Request.Length : (int)((_street.Now - BeganAt) / Interval);
            byte[] bytes = Encoding.Latin1.GetBytes(Request);
            int count = Math.Min(due, bytes.Length) - _sent;
            int written = count > 0 ? _street.Clients.Write(_socket, bytes, _sent, count) : 0;
            _sent += Math.Max(written, 0);
        }

        int allowed = ReadInterval == 0 ? Reads : (int)((_street.Now - BeganAt) / ReadInterval);
        int room = Math.Min(_buffer.Length, allowed - _received.Length);
        if (room <= 0 && !WasReset)
        {
            WasReset = _street.Clients.GetError(_socket) != SocketError.Success;
            return;
        }

        int read = _street.Clients.Read(_socket, _buffer, 0, room);
        if (read > 0)
        {
            _received.Append(Encoding.Latin1.GetString(_buffer, 0, read));
            return;
        }

        if (read == (int)SocketError.WouldBlock || read == (int)SocketError.InProgress)
        {
            return;
        }

        WasReset |= read < 0;
        bool complete = read == 0 && Received.StartsWith("HTTP/1.1 200") && IsComplete();
        ServedAt ??= complete ? _street.Now : null;
        WasTurnedOut |= !complete;
        if (!StaysOpen || read < 0)
        {
            _street.Clients.Close(_socket);
            IsOver = true;
        }
    }

    public void Leave()
    {
        _street.Clients.Close(_socket);
        IsOver = true;
    }

    private bool IsComplete()
    {
        string[] parts = Received.Split("\r\n\r\n", 2);
        return parts.Length == 2 && parts[0].Contains("\r\nContent-Length: " + parts[1].Length);
    }
}
