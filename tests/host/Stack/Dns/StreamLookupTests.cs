// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Net;
using TcpIp.Dns;
using TcpIp.Net;
using TcpIp.Net.Sockets;
using TcpIp.Sockets;

namespace HostTests.Stack.Dns;

/// <summary>Names in the calls that wait, and in the types that one knows; answers that are too long for a datagram, over TCP.</summary>
public sealed class StreamLookupTests : NetTest, IBackgroundWork
{
    private readonly byte[] _buffer = new byte[4096];
    private readonly DatagramSource _source = new();
    private readonly List<DnsQuestion> _byDatagram = [];
    private readonly List<DnsQuestion> _byStream = [];
    private WaitingNetwork _net = null!;
    private DnsResolver _resolver = null!;
    private int _datagrams;
    private int _listener;
    private int _stream = -1;
    private byte[] _toSend = [];
    private int _sent;

    // what the server says in a datagram, and over TCP; how many bytes of that at once, and every how many milliseconds
    private Func<DnsQuestion, DnsAnswer?> _says = q => q.Answer().Address("10.0.0.2");
    private Func<DnsQuestion, byte[]> _saysAtLength = q => Framed(q.Answer().Address("10.0.0.2").ToBytes());
    private int _piece = int.MaxValue;
    private int _pause = 1;

    [Fact]
    public void H19_a_truncated_answer_is_asked_for_over_TCP()
    {
        Open();
        _says = Truncated;
        Assert.Equal((0, "10.0.0.2"), Resolve("example.org"));
        Assert.Equal("example.org", Assert.Single(_byStream).Name);
        Assert.Single(_byDatagram);
        Assert.Equal(1u, _resolver.Counters.Streams);

        // and then remembered
        Assert.Equal((0, "10.0.0.2"), Resolve("example.org"));
        Assert.Single(_byDatagram);
    }

    [Fact]
    public void H19_over_TCP_nothing_is_truncated_whatever_it_says()
    {
        Open();
        _says = Truncated;
        _saysAtLength = q =>
        {
            DnsAnswer answer = q.Answer();
            answer.Flags |= 0x0200;
            return Framed(answer.Address("10.0.0.2").ToBytes());
        };
        Assert.Equal((0, "10.0.0.2"), Resolve("example.org"));
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 1)]
    [InlineData(37, 1)]
    [InlineData(1400, 1)]
    public void H19_whatever_pieces_it_comes_in(int piece, int pause)
    {
        Open();
        _says = Truncated;
        _piece = piece;
        _pause = pause;
        Assert.Equal((0, "10.0.0.2"), Resolve("example.org"));
        Assert.Single(_byStream);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(1000)]
    public void H19_of_a_long_answer_the_beginning_is_enough(int addresses)
    {
        Open();
        _says = Truncated;
        _saysAtLength = q =>
        {
            DnsAnswer answer = q.Answer();
            for (int i = 0; i < addresses; i++)
            {
                answer.Address("10.0.0.2");
            }

            return Framed(answer.ToBytes());
        };
        Assert.Equal((0, "10.0.0.2"), Resolve("example.org"));
        Assert.Single(_byStream);
    }

    [Fact]
    public void H19_of_a_long_answer_whose_beginning_says_nothing_nothing_is_concluded()
    {
        Open();
        _says = Truncated;
        _saysAtLength = q =>
        {
            DnsAnswer answer = q.Answer();
            for (int i = 0; i < 40; i++)
            {
                answer.Address("10.0.0.2", name: DnsAnswer.Name("other.example.org"));
            }

            return Framed(answer.Alias("other.example.org").ToBytes());
        };
        Assert.Equal((int)SocketError.TryAgain, Resolve("example.org").Result);
    }

    [Theory]
    [InlineData("closes")]
    [InlineData("says nothing")]
    [InlineData("a length alone")]
    [InlineData("a short length")]
    [InlineData("no length")]
    [InlineData("another number")]
    [InlineData("cut off")]
    [InlineData("a byte of a length")]
    public void H19_what_is_wrong_over_TCP_is_no_answer(string what)
    {
        Open();
        _says = Truncated;
        _saysAtLength = q =>
        {
            byte[] right = Framed(q.Answer().Address("10.0.0.66").ToBytes());
            return what switch
            {
                "a length alone" => [0, 50],
                "a short length" => [0, 3, 1, 2, 3],
                "no length" => [0, 0],
                "another number" => [.. right[..2], (byte)(right[2] ^ 1), .. right[3..]],
                "cut off" => right[..^1],
                "a byte of a length" => [0],
                _ => [],
            };
        };
        _pause = what == "says nothing" ? int.MaxValue : 1;
        (int result, _) = Resolve("example.org");
        Assert.Equal((int)SocketError.TryAgain, result);
        Assert.Equal(2, _byStream.Count);
        Assert.Equal(2u, _resolver.Counters.Streams);
        Assert.Equal(2u, _resolver.Counters.Failures);
    }

    [Fact]
    public void H19_a_server_without_TCP_is_no_use()
    {
        Open();
        _says = Truncated;
        _net.Theirs.Sockets.Close(_listener);
        _listener = -1;
        Assert.Equal((int)SocketError.TryAgain, Resolve("example.org").Result);
        Assert.Equal(2, _byDatagram.Count);
    }

    [Fact]
    public void Calls_that_wait_take_names()
    {
        Open();
        int listener = _net.TheirListener(7);
        int socket = _net.Layer.Socket();
        Assert.Equal(0, _net.Sockets.Connect(socket, "echo.example.org", 7, 5000));
        Assert.Equal(WaitingNetwork.TheirAddress, _net.Layer.GetRemoteAddress(socket));
        Assert.Equal("echo.example.org", Assert.Single(_byDatagram).Name);
        _net.Runner.Wait(10);
        Assert.True(_net.Theirs.Sockets.Accept(listener) >= 0);
        Assert.Equal((int)SocketError.InvalidArgument, _net.Sockets.Connect(_net.Layer.Socket(), "a..b", 7, 5000));
        Assert.Equal((int)SocketError.InvalidArgument, _net.Sockets.Resolve("a", -2, out _));
        Assert.Equal(0, _net.Sockets.Resolve("10.9.9.9", -2, out uint address));
        Assert.Equal("10.9.9.9", IPv4Address.ToString(address));
    }

    [Fact]
    public void The_time_of_a_call_is_for_the_name_and_the_connection_together()
    {
        Open();
        _says = _ => null;
        int begun = _net.Now;
        int socket = _net.Layer.Socket();
        Assert.Equal((int)SocketError.WouldBlock, _net.Sockets.Connect(socket, "example.org", 7, 700));
        Assert.InRange(_net.Now - begun, 700, 720);

        // nobody waits for that name any more
        int[] lookups = [_resolver.Begin("a"), _resolver.Begin("b")];
        Assert.All(lookups, lookup => Assert.True(lookup >= 0));
        begun = _net.Now;
        Assert.Equal((int)SocketError.NoBufferSpace, _net.Sockets.Resolve("c", 300, out _));
        Assert.InRange(_net.Now - begun, 300, 320);
        Array.ForEach(lookups, _resolver.Cancel);
    }

    [Fact]
    public void TcpClient_and_UdpClient_take_names()
    {
        Open();
        int listener = _net.TheirListener(7);
        TcpClient stream = new(_net.Sockets);
        stream.Connect("tcp.example.org", 7);
        Assert.True(stream.Connected);
        stream.Close();
        TcpClient other = new(_net.Sockets, "tcp.example.org", 7);
        Assert.True(other.Connected);
        other.Close();
        UdpClient datagrams = new(_net.Sockets);
        datagrams.Connect("udp.example.org", 9);
        Assert.Equal(WaitingNetwork.TheirAddress, _net.Layer.GetRemoteAddress(datagrams.Descriptor));
        datagrams.Close();
        datagrams = new UdpClient(_net.Sockets, "udp.example.org", 9);
        Assert.Equal(WaitingNetwork.TheirAddress, _net.Layer.GetRemoteAddress(datagrams.Descriptor));
        datagrams.Close();
        Assert.Equal(["tcp.example.org", "udp.example.org"], _byDatagram.Select(q => q.Name));
        _net.Theirs.Sockets.Close(listener);

        _says = q => q.Answer().Nothing(3);
        Expect(SocketError.HostNotFound, () => stream.Connect("nobody.example.org", 7));
        Expect(SocketError.HostNotFound, () => new UdpClient(_net.Sockets, "nobody.example.org", 7));
        _says = q => q.Answer().Nothing(0);
        Expect(SocketError.NoData, () => stream.Connect("six.example.org", 7));
        _says = _ => null;
        Expect(SocketError.TimedOut, () => stream.Connect("silent.example.org", 7));
        stream.ConnectTimeout = 100;
        Expect(SocketError.TimedOut, () => stream.Connect("other.example.org", 7));
        Assert.Equal(-1, stream.Descriptor);

        // nothing is held by those that came to nothing
        _net.Runner.Wait(1000);
        Assert.True(_net.Layer.Socket(SocketType.Datagram) >= 0);
        Assert.True(_net.Layer.Socket(SocketType.Datagram) >= 0);
    }

    [Fact]
    public void Background_work_may_look_up_but_not_wait()
    {
        Open();
        int waited = 0;
        int lookup = -1;
        uint address = 0;
        _net.Runner.Background =
        [
            new ScriptedPartner(_ =>
            {
                waited = _net.Sockets.Resolve("example.org", 100, out uint _);
                lookup = lookup < 0 ? _resolver.Begin("example.org") : lookup;
                if (address == 0)
                {
                    _resolver.GetResult(lookup, out address);
                }
            }),
        ];
        _net.Runner.Wait(100);
        Assert.Equal((int)SocketError.WouldDeadlock, waited);
        Assert.Equal(WaitingNetwork.TheirAddress, address);
    }

    /// <inheritdoc/>
    public int Poll(int now)
    {
        SocketLayer sockets = _net.Theirs.Sockets;
        int length = sockets.ReceiveFrom(_datagrams, _buffer, 0, _buffer.Length, _source);
        if (length >= 0)
        {
            _byDatagram.Add(new DnsQuestion(_buffer[..length]));
            if (_says(_byDatagram[^1]) is { } answer)
            {
                byte[] message = answer.ToBytes();
                sockets.SendTo(_datagrams, message, 0, message.Length, _source.Address, _source.Port);
            }
        }

        if (_stream < 0)
        {
            _stream = _listener < 0 ? -1 : sockets.Accept(_listener);
            _sent = -1;
        }
        else if (_sent < 0)
        {
            length = sockets.Read(_stream, _buffer, 0, _buffer.Length);
            if (length > 0)
            {
                Assert.Equal(length - 2, Wire.Get16(_buffer, 0));
                _byStream.Add(new DnsQuestion(_buffer[2..length]));
                _toSend = _saysAtLength(_byStream[^1]);
                _sent = 0;
            }
            else if (length != (int)SocketError.WouldBlock)
            {
                EndStream();
            }
        }
        else
        {
            if (_sent < _toSend.Length && now % _pause == 0)
            {
                sockets.SetNoDelay(_stream, true);
                int written = sockets.Write(_stream, _toSend, _sent, Math.Min(_piece, _toSend.Length - _sent));
                _sent += Math.Max(0, written);
            }

            bool gone = sockets.Read(_stream, _buffer, 0, 1) != (int)SocketError.WouldBlock;
            if (gone || (_sent == _toSend.Length && _pause != int.MaxValue))
            {
                EndStream();
            }
        }

        return 0;
    }

    private static DnsAnswer Truncated(DnsQuestion question)
    {
        DnsAnswer answer = question.Answer();
        answer.Flags |= 0x0200;
        return answer.Address("10.0.0.66");
    }

    private static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static void Expect(SocketError error, Func<object> action) =>
        Assert.Equal(error, Assert.Throws<SocketException>(action).SocketErrorCode);

    private static void Expect(SocketError error, Action action) =>
        Assert.Equal(error, Assert.Throws<SocketException>(action).SocketErrorCode);

    private void Open()
    {
        _net = Begin();
        _datagrams = _net.Theirs.Sockets.Socket(SocketType.Datagram);
        _net.Theirs.Sockets.Bind(_datagrams, 53);
        _listener = _net.TheirListener(53);
        _net.Partner = this;
        _resolver = new DnsResolver(_net.Ours, new TestRandom(3), new DnsConfiguration());
        _resolver.SetServer(0, WaitingNetwork.TheirAddress);
        _net.Runner.Resolver = _resolver;
    }

    private (int Result, string Address) Resolve(string name)
    {
        int result = _net.Sockets.Resolve(name, 60000, out uint address);
        return (result, IPv4Address.ToString(address));
    }

    private void EndStream()
    {
        _net.Theirs.Sockets.Close(_stream);
        _stream = -1;
    }
}
