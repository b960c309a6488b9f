// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using ours::System.Net.Sockets;

namespace HostTests.SystemNet.Peers;

/// <summary>A broker of MQTT 3.1.1 on our System.Net, with as much of it as the tests of clients ask for: topics without wildcards, no retained messages.</summary>
internal sealed class BoardBroker(int port) : OurServer(port)
{
    private readonly List<(string Topic, OurStream Stream)> _subscriptions = [];

    /// <summary>Gets how often a client asked whether we are there.</summary>
    public int Pings { get; private set; }

    protected override void Serve(OurStream stream)
    {
        ushort number = 0;
        try
        {
            MqttPacket? packet = MqttPacket.Read(stream);
            if (packet == null)
            {
                // the forwarder has looked whether we are there
                return;
            }

            Assert.Equal(MqttPacket.Connect, packet.First);
            MqttPacket.Of(MqttPacket.ConnectAcknowledged, (ushort)0).Write(stream);
            while ((packet = MqttPacket.Read(stream)) != null && packet.First != MqttPacket.Disconnect)
            {
                switch (packet.Type)
                {
                    case MqttPacket.Publish:
                        (string topic, byte[] message, ushort asked) = packet.ToMessage();
                        if (asked != 0)
                        {
                            Locked(stream, MqttPacket.Of(MqttPacket.PublishAcknowledged, asked));
                        }

                        foreach (OurStream subscriber in Subscribers(topic))
                        {
                            Locked(subscriber, MqttPacket.OfMessage(topic, message, ++number));
                        }

                        break;
                    case MqttPacket.PublishAcknowledged:
                        break;
                    case MqttPacket.PingRequest:
                        Pings++;
                        Locked(stream, MqttPacket.Of(MqttPacket.PingResponse));
                        break;
                    default:
                        Assert.Equal(MqttPacket.Subscribe, packet.First);
                        int at = 2;
                        Subscribe(packet.Text(ref at), stream);
                        Locked(stream, MqttPacket.Of(MqttPacket.SubscribeAcknowledged, packet.Number(0), (byte)1));
                        break;
                }
            }
        }
        finally
        {
            lock (_subscriptions)
            {
                _subscriptions.RemoveAll(subscription => subscription.Stream == stream);
            }
        }
    }

    /// <summary>Two threads that send to one connection do not mix their packets.</summary>
    private static void Locked(OurStream stream, MqttPacket packet)
    {
        lock (stream)
        {
            packet.Write(stream);
        }
    }

    private void Subscribe(string topic, OurStream stream)
    {
        lock (_subscriptions)
        {
            _subscriptions.Add((topic, stream));
        }
    }

    private OurStream[] Subscribers(string topic)
    {
        lock (_subscriptions)
        {
            return [.. _subscriptions.Where(subscription => subscription.Topic == topic).Select(subscription => subscription.Stream)];
        }
    }
}
