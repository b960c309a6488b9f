// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using System.Text;
using VirtualBoard;
using VirtualBoard.Forward;
using SocketError = System.Net.Sockets.SocketError;

namespace HostTests.EndToEnd;

/// <summary>The forwarder gets out of the way: ends of streams, resets and full buffers are passed on as what they are.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ForwarderTests
{
    [Fact]
    public void Half_close_still_gets_the_answer()
    {
        using var board = new ForwardedBoard();
        using (Socket socket = board.Connect())
        {
            socket.Send(RawHttp.Get);
            socket.Shutdown(SocketShutdown.Send);
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", RawHttp.ReadToEnd(socket), StringComparison.Ordinal);
        }

        board.AssertClean();
        Assert.Equal(0, board.Run.Forwarder!.Resets);
    }

    [Fact]
    public void Close_without_a_request_is_passed_on()
    {
        using var board = new ForwardedBoard();
        using (Socket socket = board.Connect())
        {
            socket.Shutdown(SocketShutdown.Send);
            Assert.Equal(string.Empty, RawHttp.ReadToEnd(socket));
        }

        board.AssertClean();
    }

    [Fact]
    public void Reset_of_the_client_reaches_the_board()
    {
        using var board = new ForwardedBoard();
        Socket socket = board.Connect();
        socket.Send(Encoding.ASCII.GetBytes("GET / HT"));
        Assert.True(Eventually.Is(() => board.Run.Forwarder!.OpenConnections == 1));
        Thread.Sleep(100);
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
        Assert.True(Eventually.Is(() => board.Run.Forwarder!.Resets == 1));

        // one, and one more where the board's acknowledgment of the eight bytes passed it on the way
        Assert.InRange(board.Run.Forwarder!.Stack.Tcp.Counters.ResetsSent, 1u, 2u);
        board.AssertClean();
    }

    [Fact]
    public void Reset_of_the_board_reaches_the_client()
    {
        using var board = new ForwardedBoard();
        using (Socket socket = board.Connect())
        {
            socket.Send(RawHttp.Get);
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", RawHttp.ReadToEnd(socket), StringComparison.Ordinal);

            // The board has closed. It puts up with more for two seconds, then whoever still talks is told that nobody listens.
            byte[] more = new byte[10];
            SocketException? told = null;
            Assert.True(Eventually.Is(() =>
            {
                try
                {
                    socket.Send(more);
                    return false;
                }
                catch (SocketException e)
                {
                    told = e;
                    return true;
                }
            }));
            Assert.True(told!.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown, told.ToString());
        }

        Assert.Equal(1, board.Run.Forwarder!.Resets);
        board.AssertClean();
    }

    [Fact]
    public async Task Silent_clients_do_not_keep_others_waiting_for_long()
    {
        using var board = new ForwardedBoard();
        Socket[] silent = [.. Enumerable.Range(0, Firmware.Application.HttpConnections).Select(_ => board.Connect())];

        // All places of the board are taken by clients that say nothing. It gives them up after ten seconds.
        Task givenUp = Task.WhenAll(silent.Select(socket => Task.Run(() => Assert.Matches("^(HTTP/1.1 408 [^$]*)?$", ReadUntilGivenUp(socket)))));
        Assert.Equal(1, StatusPageText.Parse(await board.Client.GetStringAsync(Firmware.StatusPage.StatusPath)).PagesServed);
        await givenUp;
        board.AssertClean();
    }

    [Fact]
    public void Port_in_use_is_said_clearly()
    {
        using var board = new ForwardedBoard();
        int port = board.Run.Forwarder!.Port;
        SetupException e = Assert.Throws<SetupException>(() => new BoardRun(new BoardOptions { ForwardPort = port }));
        Assert.Contains($"Port {port} of 127.0.0.1 is used by another program", e.Message, StringComparison.Ordinal);
        Assert.Contains("--forward 0", e.Message, StringComparison.Ordinal);
        board.AssertClean();
    }

    [Fact]
    public async Task Much_data_both_ways_arrives_as_it_was_and_is_not_piled_up()
    {
        const int SmallBuffer = 8192;
        const int MostInTheMiddle = 700_000;
        const int Total = 1_500_000;
        using var host = new VirtualBoardHost(firmware: EchoFirmware.Run);
        using var forwarder = new Forwarder(host.Wire, 0, 1);
        host.Start();
        Assert.True(forwarder.WaitUntilReady(TimeSpan.FromSeconds(30)));

        byte[] sent = new byte[Total];
        new Random(1).NextBytes(sent);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            SendBufferSize = SmallBuffer,
            ReceiveBufferSize = SmallBuffer,
            ReceiveTimeout = 30_000,
        };
        socket.Connect("127.0.0.1", forwarder.Port);

        // Nobody reads the echo, so everything between fills up and then nothing more is taken.
        socket.Blocking = false;
        int taken = 0;
        long idleSince = Environment.TickCount64;
        while (taken < Total && Environment.TickCount64 - idleSince < 1500)
        {
            int more = socket.Send(sent, taken, Math.Min(1024, Total - taken), SocketFlags.None, out _);
            taken += more;
            idleSince = more > 0 ? Environment.TickCount64 : idleSince;
            Thread.Sleep(more > 0 ? 0 : 1);
        }

        Assert.InRange(taken, SmallBuffer, MostInTheMiddle);

        // Then it is read, and the rest goes through.
        socket.Blocking = true;
        Task sending = Task.Run(() =>
        {
            for (int at = taken; at < Total;)
            {
                at += socket.Send(sent, at, Math.Min(4096, Total - at), SocketFlags.None);
            }

            socket.Shutdown(SocketShutdown.Send);
        });
        byte[] received = new byte[Total + 1];
        int count = 0;
        int length;
        while ((length = socket.Receive(received, count, received.Length - count, SocketFlags.None)) > 0)
        {
            count += length;
        }

        await sending.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Total, count);
        Assert.True(sent.AsSpan().SequenceEqual(received.AsSpan(0, count)));
        socket.Dispose();
        Assert.True(Eventually.Is(() => forwarder.OpenConnections == 0 && forwarder.Stack.Pool.Free == ForwardedBoard.TotalFrames(forwarder.Stack.Pool)));
        Assert.Equal(0, forwarder.Resets);
        Assert.True(host.Chip.Violations.Count == 0, host.Chip.Violations.ToString());
        Assert.Null(host.FirmwareError);
    }

    private static string ReadUntilGivenUp(Socket socket)
    {
        using (socket)
        {
            try
            {
                Assert.True(socket.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead));
                return RawHttp.ReadToEnd(socket);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                return string.Empty;
            }
        }
    }
}
