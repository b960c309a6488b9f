// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using System.Text;
using TcpIp.Tcp;
using VirtualBoard.Forward;
using Xunit.Abstractions;
using SocketError = TcpIp.SocketError;

namespace HostTests.EndToEnd;

/// <summary>Many short connections that the stack opens to a server of the Linux kernel: ports, TIME-WAIT and tables are used again and again.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelChurnTests(ITestOutputHelper output)
{
    private const int Port = 5002;
    private const int Connections = 2000;
    private const int AtOnce = 3;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Whoever closes first has to wait in TIME-WAIT; if that is the stack, it has ten places for it.</summary>
    [KernelTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Short_connections_are_served(bool stackClosesFirst)
    {
        using var station = new KernelStation($"churn-{(stackClosesFirst ? "stack" : "kernel")}", new StackConfiguration());
        using Socket listener = station.Namespace.OpenSocket(SocketType.Stream, (int)s_limit.TotalMilliseconds);
        listener.Bind(new IPEndPoint(KernelNamespace.KernelAddress, Port));
        listener.Listen(64);
        var ports = new HashSet<int>();
        Task partner = Task.Factory.StartNew(() => Serve(listener, stackClosesFirst, ports), TaskCreationOptions.LongRunning);
        Visitor[] visitors = [.. Enumerable.Range(0, AtOnce).Select(i => new Visitor(station, stackClosesFirst))];
        int begun = 0;
        station.Run(s_limit, partner, () =>
        {
            bool idle = true;
            foreach (Visitor visitor in visitors)
            {
                if (visitor.IsIdle && begun < Connections)
                {
                    visitor.Begin(begun++);
                }

                visitor.Step();
                idle &= visitor.IsIdle;
            }

            return idle && begun == Connections;
        });
        TcpCounters tcp = station.Stack.Tcp.Counters;
        output.WriteLine(
            $"{ports.Count} ports, {tcp.TimeWaitRecycled} times out of TIME-WAIT, at most {station.Stack.Tcp.BlocksHighWater} blocks, "
            + $"{station.Wire.Now} ms\n{station.Describe()}");
        Assert.Equal((uint)Connections, tcp.ActiveOpens);
        Assert.Equal((uint)Connections, tcp.Established);
        Assert.Equal(0u, tcp.FailedOpens + tcp.ResetsReceived + tcp.ResetsSent);
        Assert.InRange(station.Stack.Tcp.BlocksHighWater, AtOnce, station.Configuration.TcpSockets);

        // 2000 draws out of 16384 give some 1885 different ports; half as many would be a bad generator.
        Assert.InRange(ports.Count, Connections / 2, Connections);
        if (stackClosesFirst)
        {
            Assert.InRange(tcp.TimeWaitRecycled, (uint)(Connections - station.Configuration.TcpSockets), (uint)Connections);
        }
        else
        {
            Assert.Equal(0u, tcp.TimeWaitRecycled);
        }

        station.AssertClean();
    }

    /// <summary>The kernel's server: one line in, the same line out.</summary>
    private static void Serve(Socket listener, bool clientClosesFirst, HashSet<int> ports)
    {
        byte[] buffer = new byte[100];
        for (int i = 0; i < Connections; i++)
        {
            using Socket client = listener.Accept();
            client.ReceiveTimeout = (int)s_limit.TotalMilliseconds;
            ports.Add(((IPEndPoint)client.RemoteEndPoint!).Port);
            int length = 0;
            do
            {
                int read = client.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
                Assert.NotEqual(0, read);
                length += read;
            }
            while (buffer[length - 1] != '\n');
            client.Send(buffer, length, SocketFlags.None);
            if (!clientClosesFirst)
            {
                client.Shutdown(SocketShutdown.Send);
            }

            Assert.Equal(0, client.Receive(buffer));
        }
    }

    /// <summary>The application on the stack: connects, says its line, hears it, closes.</summary>
    private sealed class Visitor(KernelStation station, bool closesFirst)
    {
        private readonly byte[] _answer = new byte[100];
        private byte[] _line = [];
        private int _socket = -1;
        private int _read;
        private bool _written;

        public bool IsIdle => _socket < 0;

        public void Begin(int number)
        {
            _line = Encoding.ASCII.GetBytes($"connection {number}\n");
            _read = 0;
            _written = false;
            _socket = station.Sockets.Socket();
            Assert.True(_socket >= 0, $"connection {number}: {(SocketError)_socket}\n{station.Describe()}");
            int result = station.Sockets.Connect(_socket, BoardSubnet.Gateway, Port);
            Assert.True(result == (int)SocketError.InProgress, $"connection {number}: {(SocketError)result}\n{station.Describe()}");
        }

        public void Step()
        {
            if (IsIdle)
            {
                return;
            }

            if (!_written)
            {
                int written = station.Sockets.Write(_socket, _line, 0, _line.Length);
                _written = written == _line.Length;
                Assert.True(_written || written == (int)SocketError.InProgress, $"{(SocketError)written}");
            }

            if (_written)
            {
                Read();
            }
        }

        private void Read()
        {
            int read = station.Sockets.Read(_socket, _answer, _read, _answer.Length - _read);
            if (read == (int)SocketError.WouldBlock)
            {
                return;
            }

            Assert.True(read >= 0, $"{(SocketError)read}");
            _read += read;
            Assert.True(read > 0 || (_read == _line.Length && !closesFirst), $"the end after {_read} bytes");
            if (read == 0 || (closesFirst && _read == _line.Length))
            {
                Assert.Equal(_line, _answer[.._read]);
                Assert.Equal(0, station.Sockets.Close(_socket));
                _socket = -1;
            }
        }
    }
}
