// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using VirtualBoard.Forward;
using TcpSocket = System.Net.Sockets.Socket;

namespace HostTests.EndToEnd.Gateway;

/// <summary>Who never closes its side keeps no place for ever.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HalfClosedTests
{
    private const int Minute = 60_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_half_closed_connection_lives_longer_than_a_minute(bool boardCloses)
    {
        VirtualClock clock = new();
        VirtualWire wire = new(clock);
        TcpIpStack board = Station(wire, 1, 0xC0A80132);
        TcpIpStack pc = Station(wire, 2, 0xC0A80101);
        int listener = board.Sockets.Socket();
        board.Sockets.Bind(listener, 80);
        board.Sockets.Listen(listener, 1);
        using TcpListener programs = new(IPAddress.Loopback, 0);
        programs.Start();
        using TcpSocket program = new(System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        program.Connect(programs.LocalEndpoint);

        int descriptor = pc.Sockets.Socket();
        pc.Sockets.Connect(descriptor, 0xC0A80132, 80);
        using ForwardedConnection connection = new(programs.AcceptSocket(), pc.Sockets, descriptor, () => { });
        int now = 0;
        int accepted = -1;
        Run(500);
        Assert.True(accepted >= 0);
        if (boardCloses)
        {
            board.Sockets.Shutdown(accepted);
        }
        else
        {
            program.Shutdown(SocketShutdown.Send);
        }

        Run(Minute - 10_000);
        Assert.False(connection.IsOver);
        Assert.Equal(boardCloses, connection.IsServed);
        Run(10_000);
        Assert.True(connection.IsOver);
        Assert.True(connection.WasReset);

        void Run(int milliseconds)
        {
            // real time only where the PC's sockets have to follow
            for (int i = 0; i < 200; i++)
            {
                now += milliseconds / 200;
                pc.Poll(now);
                board.Poll(now);
                accepted = accepted < 0 ? board.Sockets.Accept(listener) : accepted;
                connection.Step(now);
                clock.Advance(milliseconds / 200 * 1_000_000L);
                Thread.Sleep(i < 20 ? 1 : 0);
            }
        }
    }

    [Fact]
    public async Task Clients_that_never_close_their_side_give_way_to_others()
    {
        using ForwardedBoard board = new();
        TcpSocket[] rude = [.. Enumerable.Range(0, Firmware.Application.HttpConnections + 1).Select(_ => board.Connect())];
        foreach (TcpSocket socket in rude)
        {
            socket.Send(RawHttp.Get);
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", RawHttp.ReadToEnd(socket), StringComparison.Ordinal);
        }

        // each was served, and has not closed: all places of the forwarder are taken
        Assert.True(Eventually.Is(() => board.Run.Forwarder!.OpenConnections == rude.Length));
        long start = Environment.TickCount64;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => board.Client.GetStringAsync(Firmware.StatusPage.StatusPath)));

        // at once, where a connection that is half closed could be so for a minute
        Assert.InRange(Environment.TickCount64 - start, 0, 20_000);
        Array.ForEach(rude, socket => socket.Dispose());
        board.AssertClean();
    }

    private static TcpIpStack Station(VirtualWire wire, byte number, uint address)
    {
        WireInterface port = new(wire, $"{number}", new MacAddress([6, 0, 0, 0, 0, number]), () => { });
        TcpIpStack stack = new(new StackConfiguration(), port, new TestRandom(number));
        stack.Configure(address, 0xFFFFFF00, 0);
        return stack;
    }
}
