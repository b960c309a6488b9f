// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp.Http;
using TcpIp.Link;
using Board = Firmware.Board;
using Document = TcpIp.Http.HttpDocument;

namespace HostTests.EndToEnd;

/// <summary>Other firmware for the same board: a web server with one of each.</summary>
internal static class HandlerFirmware
{
    public static void Run()
    {
        Board.ConfigurePins();
        var settings = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect)
        {
            ClockFrequency = Board.SpiClockFrequency,
            Mode = Enc28j60.DefaultSpiMode,
        };
        using var ethernet = new Enc28j60(SpiDevice.Create(settings), new MacAddress(Board.CreateMacAddress()));
        if (!ethernet.Probe())
        {
            throw new InvalidOperationException(Enc28j60.Describe(ethernet.Fault));
        }

        var stack = new TcpIpStack(StackConfiguration.ForClients(4), ethernet, new HardwareRandom(ethernet));
        stack.Configure(IPv4Address.Parse(Board.Address), IPv4Address.Parse(Board.Netmask), 0);
        ethernet.Attach(stack.Pool);
        ethernet.Start();
        HttpServer server = Serve(stack);
        while (true)
        {
            int wait = stack.Poll((int)Environment.TickCount64);
            server.Poll((int)Environment.TickCount64);
            Thread.Sleep(wait > 0 ? 1 : 0);
        }
    }

    private static HttpServer Serve(TcpIpStack stack)
    {
        WordOrder order = stack.Pool.Order;
        var server = new HttpServer(stack.Sockets, order, Board.HttpPort, new HttpLimits { Connections = 4, Viewers = 0 });
        server.SetCredentials("user", "secret");
        server.Add(new Document("/", "text/plain", "hello", order));
        server.Add(HttpMethods.Get, "/secret", c => c.Write("secret"), HttpOptions.Protected);
        server.Add(HttpMethods.Get, "/throws", _ => throw new InvalidOperationException(), HttpOptions.None);
        server.Add(HttpMethods.Post, "/form", c => c.Write(c.Form("on")), HttpOptions.Form);
        server.Add(HttpMethods.Post | HttpMethods.Put, "/echo", Echo, HttpOptions.StreamsBody);
        server.Add(new HttpEvents("/events", new WordBuffer("data: x\n\n", order)));
        return server;
    }

    private static void Echo(HttpContext context)
    {
        byte[] buffer = new byte[200];
        context.Begin(200, "application/octet-stream");
        int count = 1;
        while (count > 0 && context.Room >= buffer.Length)
        {
            count = context.ReadBody(buffer, 0, buffer.Length);
            context.Write(buffer, 0, Math.Max(count, 0));
        }

        if (!context.IsBodyOver)
        {
            context.Continue(1);
        }
    }
}
