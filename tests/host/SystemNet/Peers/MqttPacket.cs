// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using System.Text;

namespace HostTests.SystemNet.Peers;

/// <summary>A control packet of MQTT 3.1.1, as it goes over a connection: first byte, length, and the rest.</summary>
internal sealed record MqttPacket(byte First, byte[] Body)
{
    public const byte Connect = 0x10;
    public const byte ConnectAcknowledged = 0x20;
    public const byte Publish = 0x30;
    public const byte PublishAcknowledged = 0x40;
    public const byte Subscribe = 0x82;
    public const byte SubscribeAcknowledged = 0x90;
    public const byte PingRequest = 0xC0;
    public const byte PingResponse = 0xD0;
    public const byte Disconnect = 0xE0;

    /// <summary>Of a packet that publishes: twice the quality of service.</summary>
    private const byte QualityBits = 6;

    private const int LengthBytes = 4;

    public byte Type => (byte)(First & 0xF0);

    /// <summary>Makes a packet of numbers and texts: a byte is one, a ushort two, a string has its length in front, an array is itself.</summary>
    public static MqttPacket Of(byte first, params object[] parts)
    {
        using MemoryStream body = new();
        foreach (object part in parts)
        {
            switch (part)
            {
                case byte value:
                    body.WriteByte(value);
                    break;
                case ushort value:
                    body.Write([(byte)(value >> 8), (byte)value]);
                    break;
                case string text:
                    byte[] bytes = Encoding.UTF8.GetBytes(text);
                    body.Write([(byte)(bytes.Length >> 8), (byte)bytes.Length]);
                    body.Write(bytes);
                    break;
                default:
                    body.Write((byte[])part);
                    break;
            }
        }

        return new MqttPacket(first, body.ToArray());
    }

    /// <summary>Makes a packet that publishes.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="message">The message.</param>
    /// <param name="number">0 for quality of service 0, else the packet's number with 1.</param>
    public static MqttPacket OfMessage(string topic, byte[] message, ushort number) => number == 0
        ? Of(Publish, topic, message)
        : Of(Publish | 2, topic, number, message);

    /// <summary>Reads a packet; null if the connection has ended before it.</summary>
    public static MqttPacket? Read(OurStream stream)
    {
        int first = stream.ReadByte();
        if (first < 0)
        {
            return null;
        }

        int length = 0;
        for (int i = 0; ; i++)
        {
            Assert.True(i < LengthBytes, "the length has no end");
            byte digit = stream.ReadExactly(1)[0];
            length |= (digit & 0x7F) << (7 * i);
            if (digit < 0x80)
            {
                return new MqttPacket((byte)first, stream.ReadExactly(length));
            }
        }
    }

    /// <summary>Sends it, in one piece.</summary>
    public void Write(OurStream stream)
    {
        List<byte> bytes = [First];
        int left = Body.Length;
        do
        {
            bytes.Add((byte)((left & 0x7F) | (left > 0x7F ? 0x80 : 0)));
            left >>= 7;
        }
        while (left > 0);
        stream.Write([.. bytes, .. Body]);
    }

    /// <summary>Gets two bytes of the body as a number.</summary>
    public ushort Number(int at) => BinaryPrimitives.ReadUInt16BigEndian(Body.AsSpan(at));

    /// <summary>Gets a text of the body.</summary>
    /// <param name="at">Where it begins; afterwards where it has ended.</param>
    public string Text(ref int at)
    {
        int length = Number(at);
        string text = Encoding.UTF8.GetString(Body, at + 2, length);
        at += 2 + length;
        return text;
    }

    /// <summary>Takes a packet that publishes apart.</summary>
    public (string Topic, byte[] Message, ushort Number) ToMessage()
    {
        int at = 0;
        string topic = Text(ref at);
        ushort number = 0;
        if ((First & QualityBits) != 0)
        {
            number = Number(at);
            at += 2;
        }

        return (topic, Body[at..], number);
    }
}
