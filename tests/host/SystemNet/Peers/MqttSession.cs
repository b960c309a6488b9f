// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.SystemNet.Peers;

/// <summary>A client of MQTT 3.1.1 on our System.Net, with as much of it as the tests of brokers ask for.</summary>
internal sealed class MqttSession : IDisposable
{
    private const byte CleanSession = 2;
    private const ushort KeepAlive = 60;

    private readonly OurStream _stream;
    private readonly Queue<MqttPacket> _messages = new();
    private ushort _number;

    /// <summary>Connects, and is let in.</summary>
    public MqttSession(string host, int port, string client)
    {
        _stream = new OurStream(host, port);
        MqttPacket.Of(MqttPacket.Connect, "MQTT", (byte)4, CleanSession, KeepAlive, client).Write(_stream);
        Assert.Equal([0, 0], Await(MqttPacket.ConnectAcknowledged).Body);
    }

    /// <summary>Subscribes with quality of service 1.</summary>
    public void Subscribe(string topic)
    {
        _number++;
        MqttPacket.Of(MqttPacket.Subscribe, _number, topic, (byte)1).Write(_stream);
        Assert.Equal([(byte)(_number >> 8), (byte)_number, 1], Await(MqttPacket.SubscribeAcknowledged).Body);
    }

    /// <summary>Publishes; with quality of service 1 it waits until the broker has it.</summary>
    public void Publish(string topic, byte[] message, bool isAcknowledged)
    {
        MqttPacket.OfMessage(topic, message, isAcknowledged ? ++_number : (ushort)0).Write(_stream);
        if (isAcknowledged)
        {
            Assert.Equal(_number, Await(MqttPacket.PublishAcknowledged).Number(0));
        }
    }

    /// <summary>Gets the next message, and acknowledges it if that is asked for.</summary>
    public (string Topic, byte[] Message) Receive()
    {
        MqttPacket packet = _messages.Count > 0 ? _messages.Dequeue() : Await(MqttPacket.Publish);
        (string topic, byte[] message, ushort number) = packet.ToMessage();
        if (number != 0)
        {
            MqttPacket.Of(MqttPacket.PublishAcknowledged, number).Write(_stream);
        }

        return (topic, message);
    }

    /// <summary>Asks whether the broker is there.</summary>
    public void Ping()
    {
        MqttPacket.Of(MqttPacket.PingRequest).Write(_stream);
        Assert.Empty(Await(MqttPacket.PingResponse).Body);
    }

    /// <summary>Waits for the broker's end of the connection.</summary>
    public void AwaitEnd() => Assert.Null(MqttPacket.Read(_stream));

    /// <summary>Takes leave.</summary>
    public void Disconnect() => MqttPacket.Of(MqttPacket.Disconnect).Write(_stream);

    public void Dispose() => _stream.Dispose();

    /// <summary>Waits for a packet of a kind; messages that come before it are kept.</summary>
    private MqttPacket Await(byte type)
    {
        while (true)
        {
            MqttPacket packet = MqttPacket.Read(_stream) ?? throw new EndOfStreamException("the broker has closed");
            if (packet.Type == type)
            {
                return packet;
            }

            Assert.Equal(MqttPacket.Publish, packet.Type);
            _messages.Enqueue(packet);
        }
    }
}
