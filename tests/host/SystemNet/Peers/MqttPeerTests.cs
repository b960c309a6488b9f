// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Net;
using HostTests.EndToEnd;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;
using SocketError = System.Net.Sockets.SocketError;

namespace HostTests.SystemNet.Peers;

/// <summary>MQTT over the chip's model and our System.Net, with brokers and a client that others wrote.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class MqttPeerTests
{
    private const int BoardPort = 1883;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task MQTTnets_broker_is_talked_with_and_found_again()
    {
        int port = LocalPorts.Free();
        MqttServerOptions options = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointPort(port)
            .Build();
        MqttServer? broker = null;
        using SystemNetBoard board = new();
        try
        {
            await TalkTwice(
                port,
                async () =>
                {
                    broker = new MqttServerFactory().CreateMqttServer(options);
                    await broker.StartAsync();
                },
                async () =>
                {
                    await broker!.StopAsync(new MqttServerStopOptions());
                    broker.Dispose();
                });
        }
        finally
        {
            broker?.Dispose();
        }

        board.AssertClean();
    }

    [ToolFact("mosquitto")]
    public async Task Mosquitto_is_talked_with_and_found_again()
    {
        int port = LocalPorts.Free();
        string settings = OutputFolder.PathOf("mosquitto.conf");
        await File.WriteAllTextAsync(settings, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n");
        Process? broker = null;
        using SystemNetBoard board = new();
        try
        {
            await TalkTwice(
                port,
                () =>
                {
                    broker = Tool.Start(["mosquitto", "-c", settings]);
                    Assert.True(Eventually.Is(() => LocalPorts.IsOpen(port)), "mosquitto does not listen");
                    return Task.CompletedTask;
                },
                () =>
                {
                    Kill(broker!);
                    return Task.CompletedTask;
                });
        }
        finally
        {
            if (broker != null)
            {
                Kill(broker);
                broker.Dispose();
            }
        }

        board.AssertClean();
    }

    [Fact]
    public async Task MQTTnets_clients_talk_with_each_other_by_way_of_the_board()
    {
        using SystemNetBoard board = new(BoardPort);
        using (BoardBroker server = new(BoardPort))
        {
            MqttClientFactory factory = new();
            using IMqttClient listener = factory.CreateMqttClient();
            using IMqttClient speaker = factory.CreateMqttClient();
            List<byte[]> heard = [];
            TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            byte[][] messages = [[], [1], Wire.PatternBytes(3, 127), Wire.PatternBytes(4, 128), Wire.PatternBytes(5, 20_000)];
            listener.ApplicationMessageReceivedAsync += e =>
            {
                Assert.Equal("board/reading", e.ApplicationMessage.Topic);
                heard.Add(System.Buffers.BuffersExtensions.ToArray(e.ApplicationMessage.Payload));
                if (heard.Count == 2 * messages.Length)
                {
                    all.SetResult();
                }

                return Task.CompletedTask;
            };
            using CancellationTokenSource limit = new(s_limit);
            foreach (IMqttClient client in new[] { listener, speaker })
            {
                MqttClientOptions options = new MqttClientOptionsBuilder()
                    .WithTcpServer("127.0.0.1", board.ForwardedPort)
                    .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V311)
                    .Build();
                MqttClientConnectResult result = await client.ConnectAsync(options, limit.Token);
                Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
            }

            await listener.SubscribeAsync("board/reading", MqttQualityOfServiceLevel.AtLeastOnce, limit.Token);
            await listener.SubscribeAsync("board/other", MqttQualityOfServiceLevel.AtLeastOnce, limit.Token);
            foreach (byte[] message in messages)
            {
                await speaker.PublishBinaryAsync("board/reading", message, MqttQualityOfServiceLevel.AtMostOnce, false, limit.Token);
                await speaker.PublishBinaryAsync("board/nothing", message, MqttQualityOfServiceLevel.AtMostOnce, false, limit.Token);
                MqttClientPublishResult taken = await speaker.PublishBinaryAsync("board/reading", message, MqttQualityOfServiceLevel.AtLeastOnce, false, limit.Token);
                Assert.True(taken.IsSuccess);
            }

            await all.Task.WaitAsync(limit.Token);
            Assert.Equal(messages.SelectMany(message => new[] { message, message }), heard);
            await speaker.PingAsync(limit.Token);
            Assert.Equal(1, server.Pings);
            await speaker.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token);
            await listener.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token);
        }

        board.AssertClean();
    }

    /// <summary>Two clients on the board talk by way of a broker, notice that it goes away, and find it again when it is back.</summary>
    private static async Task TalkTwice(int port, Func<Task> start, Func<Task> stop)
    {
        await start();
        await Task.Run(() => Talk(port, stop)).WaitAsync(s_limit);
        Assert.Equal((int)SocketError.ConnectionRefused, await Task.Run(() => LocalPorts.ErrorOfConnecting(port)));
        await start();
        await Task.Run(() => Talk(port, stop)).WaitAsync(s_limit);
    }

    private static void Talk(int port, Func<Task> stop)
    {
        using MqttSession listener = new(SystemNetBoard.Pc, port, "listener");
        using MqttSession speaker = new("192.168.1.1", port, "speaker");
        listener.Subscribe("board/reading");
        foreach (int length in new[] { 0, 1, 127, 128, 20_000 })
        {
            byte[] message = Wire.PatternBytes(length, length);
            speaker.Publish("board/reading", message, isAcknowledged: true);
            speaker.Publish("board/nothing", message, isAcknowledged: true);
            speaker.Publish("board/reading", message, isAcknowledged: false);
            for (int i = 0; i < 2; i++)
            {
                (string topic, byte[] received) = listener.Receive();
                Assert.Equal("board/reading", topic);
                Assert.Equal(message, received);
            }
        }

        // one that speaks to itself
        listener.Publish("board/reading", [7], isAcknowledged: true);
        Assert.Equal([7], listener.Receive().Message);
        listener.Ping();
        speaker.Disconnect();
        speaker.AwaitEnd();

        stop().GetAwaiter().GetResult();
        listener.AwaitEnd();
    }

    private static void Kill(Process process)
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }
}
