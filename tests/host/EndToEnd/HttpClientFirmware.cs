// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp.Http;
using Board = Firmware.Board;
using BoardClient = TcpIp.Http.HttpClient;

namespace HostTests.EndToEnd;

/// <summary>Other firmware for the same board: it makes requests and keeps what came.</summary>
internal sealed class HttpClientFirmware(params (string Method, string Url, byte[]? Body)[] requests)
{
    /// <summary>Gets the status and the body of each answer; a negative status says why there is none.</summary>
    public List<(int Status, byte[] Body)> Answers { get; } = [];

    /// <summary>Gets the connections that were made.</summary>
    public uint Connections { get; private set; }

    /// <summary>The entry point.</summary>
    public void Run()
    {
        Board.ConfigurePins();
        var settings = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect) { ClockFrequency = Board.SpiClockFrequency, Mode = Enc28j60.DefaultSpiMode };
        var network = new Firmware.Network(SpiDevice.Create(settings), new Random(3), Firmware.AddressMode.Static);
        if (!network.TryStart(Environment.TickCount, new StackConfiguration()))
        {
            throw new InvalidOperationException(Enc28j60.Describe(network.Ethernet.Fault));
        }

        StackRunner runner = network.CreateRunner();
        var client = new BoardClient(network.Stack, new HttpClientConfiguration { Resolver = network.Resolver, Redirects = 2 });
        runner.Background = [network, client];
        network.WaitForAddress(runner, StackRunner.Forever);
        byte[] buffer = new byte[1000];
        foreach ((string method, string url, byte[]? body) in requests)
        {
            var request = new HttpRequest(method, url, body == null ? null! : "application/octet-stream", "User-Agent: board\r\n", network.Stack.Pool.Order);
            if (body != null)
            {
                request.SetBody(body, 0, body.Length);
            }

            client.Begin(request);
            using MemoryStream received = new();
            int count = client.Read(runner, buffer, 0, buffer.Length);
            for (; count > 0; count = client.Read(runner, buffer, 0, buffer.Length))
            {
                received.Write(buffer, 0, count);
            }

            Answers.Add((client.Result, received.ToArray()));
        }

        Connections = client.Counters.Connections;
    }
}
