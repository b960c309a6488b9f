// Licensed under the MIT license. See LICENSE in the repository root.

#nullable disable

namespace SystemNetBehaviours
{
    using System;
    using System.Net;
    using System.Net.Sockets;

    /// <summary>Addresses and ends, told by .NET's System.Net and by ours.</summary>
    internal static class AddressBehaviours
    {
        private static readonly string[] s_texts =
        {
            "0.0.0.0", "192.168.1.50", "255.255.255.255", "::", "::1", "fe80::1", "2001:db8::8:800:200c:417a", "1:2:3:4:5:6:7:8", "1::8", "::ffff:192.168.1.50", "1:0:0:2:0:0:0:3",
            "1:2:0:4:5:6:7:8", "ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "64:ff9b::1.2.3.4", "", " ", "256.1.1.1", "1.2.3.4.5", "1.2.3.x", "1::2::3", ":1", "1:", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
            "12345::", "00001::", "::00001", "1:2:3:4:5:6:7:00008", "g::", "::1.2.3", ":::", "1:::2",
        };

        public static string Texts_are_read_and_written()
        {
            string told = string.Empty;
            foreach (string text in s_texts)
            {
                told += text + " is " + Of(() => IPAddress.Parse(text)) + Of(() => IPAddress.Parse(text).AddressFamily) + Of(() => BitConverter.ToString(IPAddress.Parse(text).GetAddressBytes())) + "\n";
            }

            return told + Of(() => IPAddress.Parse((string)null));
        }

        public static string Numbers_and_bytes_are_addresses()
        {
            string told = Of(() => new IPAddress(0x3201A8C0)) + Of(() => new IPAddress(0xFFFFFFFFL)) + Of(() => new IPAddress(0x100000000L)) + Of(() => new IPAddress(-1));
            told += Of(() => new IPAddress(new byte[] { 10, 1, 2, 200 })) + Of(() => new IPAddress(new byte[3])) + Of(() => new IPAddress((byte[])null));
            told += Of(() => new IPAddress(new byte[16], 5)) + Of(() => new IPAddress(new byte[16], 5).ScopeId) + Of(() => new IPAddress(new byte[16], -5)) + Of(() => new IPAddress(new byte[4], 5));
            return told + Of(() => new IPAddress(1).ScopeId) + Of(() => new IPAddress(1).ScopeId = 2);
        }

        public static string Known_addresses()
        {
            return "" + IPAddress.Any + IPAddress.Loopback + IPAddress.Broadcast + IPAddress.None + IPAddress.IPv6Any + IPAddress.IPv6Loopback;
        }

        public static string Equal_is_equal()
        {
            IPAddress one = IPAddress.Parse("10.0.0.1");
            IPAddress same = new IPAddress(0x0100000A);
            IPAddress six = IPAddress.Parse("fe80::1");
            string told = "" + one.Equals(same) + one.Equals((object)same) + (one.GetHashCode() == same.GetHashCode()) + (one == null) + (null == one);
            told += one.Equals(six) + "" + six.Equals(IPAddress.Parse("fe80::1")) + six.Equals(IPAddress.Parse("fe80::2")) + (six.GetHashCode() == IPAddress.Parse("fe80::1").GetHashCode());
            return told + one.Equals("10.0.0.1") + six.Equals(new IPAddress(six.GetAddressBytes(), 3));
        }

        public static string Addresses_stand_for_others()
        {
            IPAddress four = IPAddress.Parse("10.0.0.1");
            IPAddress mapped = four.MapToIPv6();
            return mapped + " " + mapped.IsIPv4MappedToIPv6 + four.IsIPv4MappedToIPv6 + mapped.MapToIPv4() + four.MapToIPv4() + mapped.MapToIPv6() + IPAddress.Parse("1:2:3:4:5:fffe:1:2").IsIPv4MappedToIPv6;
        }

        public static string Ends_are_written_and_compared()
        {
            IPEndPoint end = new IPEndPoint(IPAddress.Parse("10.0.0.1"), 80);
            IPEndPoint same = new IPEndPoint(0x0100000A, 80);
            string told = end + " " + new IPEndPoint(IPAddress.IPv6Loopback, 8080) + " " + end.Equals(same) + (end.GetHashCode() == same.GetHashCode()) + end.Equals(new IPEndPoint(end.Address, 81)) + end.Equals(null);
            return told + end.AddressFamily + end.Port + end.Address + IPEndPoint.MinPort + IPEndPoint.MaxPort + Of(() => new IPEndPoint((IPAddress)null, 1)) + Of(() => new IPEndPoint(0x100000000L, 1));
        }

        public static string Ends_are_bytes()
        {
            string told = string.Empty;
            foreach (string text in new[] { "10.0.0.1", "fe80::1" })
            {
                IPEndPoint end = new IPEndPoint(IPAddress.Parse(text), 0x1234);
                SocketAddress bytes = end.Serialize();
                told += bytes.Family + " " + bytes.Size + " " + bytes[2] + " " + bytes[3] + " " + end.Create(bytes) + " " + bytes.Equals(end.Serialize()) + (bytes.GetHashCode() == end.Serialize().GetHashCode());
                bytes[3] = 0x35;
                told += end.Create(bytes) + " " + bytes.Equals(end.Serialize()) + Of(() => bytes[bytes.Size]) + Of(() => bytes[-1]);
            }

            IPEndPoint any = new IPEndPoint(IPAddress.Any, 0);
            told += Of(() => any.Create(null)) + Of(() => any.Create(new SocketAddress(AddressFamily.Unix, 16))) + Of(() => new SocketAddress(AddressFamily.InterNetwork, 1));
            return told;
        }

        private static string Of<T>(Func<T> question)
        {
            try
            {
                return question() + " ";
            }
            catch (SocketException exception)
            {
                object code = exception.GetType().GetProperty("SocketErrorCode")?.GetValue(exception) ?? exception.ErrorCode;
                return "SocketException " + (int)code + " ";
            }
            catch (Exception exception)
            {
                return exception.GetType().Name + " ";
            }
        }
    }
}
