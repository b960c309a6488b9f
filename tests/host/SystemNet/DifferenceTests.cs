// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Reflection;
using ours::System.Net;
using ours::System.Net.NetworkInformation;
using ours::System.Net.Security;
using ours::System.Net.Sockets;
using ours::System.Security.Cryptography;
using ours::System.Security.Cryptography.X509Certificates;
using SocketError = ours::System.Net.Sockets.SocketError;

namespace HostTests.SystemNet;

/// <summary>Where ours is not as .NET's is: as nanoFramework's is, or as this network can.</summary>
[Collection(NetworkCollection.Name)]
public sealed class DifferenceTests(LoopbackNetwork network)
{
    [Fact]
    public void A_stream_without_a_peer_says_so()
    {
        using Socket socket = Tcp();
        Assert.Equal(10057, Error(() => socket.Send(new byte[1])));
        Assert.Equal(10057, Error(() => _ = socket.RemoteEndPoint));
        Assert.Equal(0, socket.Available);
    }

    [Fact]
    public void A_stream_that_could_not_be_connected_has_no_peer_and_is_used_up()
    {
        using Socket socket = Tcp();
        IPEndPoint nobody = new(IPAddress.Loopback, 9);
        Assert.Equal(10061, Error(() => socket.Connect(nobody)));
        Assert.Equal(10057, Error(() => _ = socket.RemoteEndPoint));
        Assert.Equal(10022, Error(() => socket.Connect(nobody)));
    }

    /// <summary>On a PC, too, where its network carries groups.</summary>
    [Fact]
    public void A_group_can_be_a_peer()
    {
        using Socket member = Udp();
        using Socket sender = Udp();
        member.Bind(new IPEndPoint(IPAddress.Any, 5353));
        member.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, [224, 0, 0, 251, 0, 0, 0, 0]);
        member.ReceiveTimeout = 5000;
        sender.Connect(new IPEndPoint(IPAddress.Parse("224.0.0.251"), 5353));
        Assert.Equal("224.0.0.251:5353", sender.RemoteEndPoint.ToString());
        Assert.Equal(3, sender.Send([1, 2, 3]));
        Assert.Equal(3, member.Receive(new byte[10]));
    }

    /// <summary>Whose chip is gone when the garbage collector comes to it: thrown in its thread, that would end the program.</summary>
    [Fact]
    public void A_socket_that_cannot_be_closed_any_more_throws_nothing_where_nobody_catches_it()
    {
        SocketWithoutChip socket = new();
        typeof(Socket).GetMethod("Finalize", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(socket, null);
        Assert.Equal(1, socket.Asked);
        Assert.Throws<InvalidOperationException>(socket.Close);
        socket.HasChip = true;
        socket.Close();
    }

    [Fact]
    public void A_datagram_socket_without_a_port_hears_nothing()
    {
        using Socket socket = Udp();
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(10057, Error(() => socket.ReceiveFrom(new byte[1], ref from)));
        Assert.Equal(10057, Error(() => socket.Receive(new byte[1])));
    }

    /// <summary>On a PC there is always room for one more.</summary>
    [Fact]
    public void A_datagram_that_cannot_leave_in_its_time_says_so()
    {
        using Socket socket = Udp();
        socket.SendTimeout = 100;
        int sent = 0;
        network.Interface.Busy = true;
        try
        {
            Assert.Equal(10060, Error(() =>
            {
                while (sent < 1000)
                {
                    socket.SendTo(new byte[1000], new IPEndPoint(IPAddress.Parse("224.0.0.251"), 9));
                    sent++;
                }
            }));
        }
        finally
        {
            network.Interface.Busy = false;
        }

        Assert.InRange(sent, 1, 999);
    }

    [Fact]
    public void Equal_addresses_are_equal()
    {
        IPAddress one = IPAddress.Parse("10.0.0.1");
        Assert.True(one == new IPAddress(0x0100000A));
        Assert.False(one != new IPAddress(0x0100000A));
        Assert.False(one == null);
        Assert.True((IPAddress?)null == null);
    }

    [Fact]
    public void Kinds_of_sockets_that_there_are_not()
    {
        Assert.Equal(10047, Error(() => _ = new Socket(AddressFamily.Ipx, SocketType.Stream, ProtocolType.Tcp)));
        Assert.Equal(10044, Error(() => _ = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp)));
        Assert.Equal(10043, Error(() => _ = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Udp)));
        new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Unspecified).Close();

        // what TcpListener says
        new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.IPv4).Close();
    }

    [Fact]
    public void Ends_of_IPv6_are_refused()
    {
        using Socket socket = Tcp();

        // TcpClient makes one of each family when it is given a name
        Socket six = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<ObjectDisposedException>(() => six.Listen(1));
        Assert.Equal(10047, Error(() => six.Connect(new IPEndPoint(IPAddress.IPv6Loopback, 80))));
        six.Close();
        Assert.Equal(10047, Error(() => socket.Connect(new IPEndPoint(IPAddress.IPv6Loopback, 80))));
        Assert.Equal(10047, Error(() => socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 80))));
    }

    [Fact]
    public void There_are_so_many_sockets()
    {
        List<Socket> sockets = [];
        try
        {
            Assert.Equal(10024, Error(() =>
            {
                while (sockets.Count < 1000)
                {
                    sockets.Add(Tcp());
                }
            }));
        }
        finally
        {
            sockets.ForEach(s => s.Close());
        }
    }

    [Fact]
    public void Options_that_there_are_not()
    {
        using Socket socket = Tcp();
        Assert.Equal(10042, Error(() => socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.HopLimit, 1)));
        Assert.Equal(10042, Error(() => socket.SetSocketOption(SocketOptionLevel.Udp, SocketOptionName.NoChecksum, true)));
        Assert.Equal(10042, Error(() => socket.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.BlockSource)));
        Assert.Equal(10022, Error(() => socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, new byte[3])));
        Assert.Throws<ArgumentNullException>(() => socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, (byte[])null!));
        Assert.Throws<ArgumentNullException>(() => socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, null!));
        Assert.Equal(10045, Error(() => socket.Send(new byte[1], SocketFlags.OutOfBand)));
        Assert.Equal(10045, Error(() => socket.Receive(new byte[1], SocketFlags.OutOfBand)));
    }

    [Fact]
    public void All_options_that_libraries_name_can_be_set_and_asked()
    {
        using Socket tcp = Tcp();
        using Socket udp = Udp();
        tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        Assert.Equal(1, tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress));
        foreach (SocketOptionName name in new[] { SocketOptionName.KeepAlive, SocketOptionName.DontLinger, SocketOptionName.ExclusiveAddressUse })
        {
            tcp.SetSocketOption(SocketOptionLevel.Socket, name, true);
            Assert.Equal(true, tcp.GetSocketOption(SocketOptionLevel.Socket, name));
        }

        foreach (SocketOptionName name in new[] { SocketOptionName.SendBuffer, SocketOptionName.ReceiveBuffer })
        {
            tcp.SetSocketOption(SocketOptionLevel.Socket, name, 1);
            Assert.True((int)tcp.GetSocketOption(SocketOptionLevel.Socket, name) > 1000);
        }

        foreach (SocketOptionName name in new[] { SocketOptionName.MulticastLoopback, SocketOptionName.DontFragment })
        {
            udp.SetSocketOption(SocketOptionLevel.IP, name, true);
            Assert.Equal(1, udp.GetSocketOption(SocketOptionLevel.IP, name));
        }

        int local = (int)IPAddress.Parse("10.0.0.1").GetHashCode();
        udp.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, local);
        Assert.Equal(local, udp.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface));
        Assert.Equal(10049, Error(() => udp.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, 1)));
        Assert.Equal(false, udp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Broadcast));
        Assert.Equal(SocketType.Dgram, udp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Type));
    }

    [Fact]
    public void Linger_is_seconds_or_two_numbers()
    {
        using Socket tcp = Tcp();
        byte[] two = new byte[8];
        Assert.Equal(-1, tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger));
        tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, [1, 0, 0, 0, 9, 0, 0, 0]);
        Assert.Equal(9, tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger));
        Assert.Equal(false, tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.DontLinger));
        tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, two);
        Assert.Equal(new byte[] { 1, 0, 0, 0, 9, 0, 0, 0 }, two);
        tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, 0);
        Assert.Equal(0, tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger));
        tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, -5);
        Assert.Equal(-1, tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger));
        tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, two);
        Assert.Equal(new byte[8], two);
        tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, 3);
        tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.DontLinger, true);
        Assert.Equal(-1, tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger));
    }

    [Fact]
    public void A_time_out_is_milliseconds_or_seconds_and_microseconds()
    {
        using Socket tcp = Tcp();
        byte[] two = new byte[8];
        tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveTimeout, [.. BitConverter.GetBytes(2), .. BitConverter.GetBytes(250000)]);
        Assert.Equal(2250, tcp.ReceiveTimeout);
        tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveTimeout, two);
        Assert.Equal([.. BitConverter.GetBytes(2), .. BitConverter.GetBytes(250000)], two);
        tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.SendTimeout, BitConverter.GetBytes(700));
        Assert.Equal(700, tcp.SendTimeout);
        Assert.Equal(700, tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.SendTimeout));
        Assert.Equal(0, tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error));
    }

    [Fact]
    public void A_group_is_joined_and_left()
    {
        using Socket udp = Udp();
        udp.Bind(new IPEndPoint(IPAddress.Any, 5353));
        byte[] membership = [224, 0, 0, 251, 10, 0, 0, 1];
        udp.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, membership);
        Assert.Equal(10022, Error(() => udp.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, membership)));
        udp.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.DropMembership, membership);
        Assert.Equal(10049, Error(() => udp.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, [224, 0, 0, 251, 10, 0, 0, 9])));
        Assert.Equal(10022, Error(() => udp.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, [10, 0, 0, 2, 0, 0, 0, 0])));
    }

    /// <summary>As MulticastDns is beside another, and on a PC: there the story needs a network that carries groups.</summary>
    [Fact]
    public void Members_that_share_a_port_hear_each_other_and_themselves()
    {
        using Socket one = Udp();
        using Socket other = Udp();
        foreach (Socket socket in new[] { one, other })
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, 5353));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, [224, 0, 0, 251, 0, 0, 0, 0]);
            socket.ReceiveTimeout = 5000;
        }

        IPEndPoint group = new(IPAddress.Parse("224.0.0.251"), 5353);
        Assert.Equal(3, one.SendTo([1, 2, 3], group));
        foreach (Socket socket in new[] { one, other })
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            Assert.Equal(3, socket.ReceiveFrom(new byte[10], ref from));
            Assert.Equal("10.0.0.1:5353", from.ToString());
        }

        // what is sent to us comes to the one that was bound last
        Assert.Equal(2, one.SendTo([1, 2], new IPEndPoint(IPAddress.Loopback, 5353)));
        Assert.Equal(2, other.Receive(new byte[10]));

        one.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, false);
        Assert.Equal(1, one.SendTo([1], group));
        Assert.Equal(2, other.SendTo([1, 2], group));
        Assert.Equal(2, one.Receive(new byte[10]));
        Assert.Equal(2, other.Receive(new byte[10]));
        Assert.False(one.Poll(0, SelectMode.SelectRead));
        Assert.False(other.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public void Talking_with_one_peer_makes_no_object()
    {
        using Socket server = Udp();
        using Socket client = Udp();
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        client.Bind(new IPEndPoint(IPAddress.Any, 0));
        EndPoint to = new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)server.LocalEndPoint).Port);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        byte[] buffer = new byte[64];
        int received = 0;
        long before = 0;
        for (int i = 0; i < 20; i++)
        {
            if (i == 10)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            client.SendTo(buffer, to);
            received += server.ReceiveFrom(buffer, ref from);
            server.Poll(0, SelectMode.SelectRead);
            _ = server.Available;
        }

        long after = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(20 * 64, received);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Streams_send_receive_and_poll_without_an_object()
    {
        using Socket listener = Tcp();
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(1);
        using Socket client = Tcp();
        client.Connect(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint).Port));
        using Socket server = listener.Accept();
        using NetworkStream stream = new(server);
        byte[] buffer = new byte[500];
        int received = 0;
        long before = 0;
        for (int i = 0; i < 20; i++)
        {
            if (i == 10)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            client.Send(buffer);
            server.Poll(-1, SelectMode.SelectRead);
            received += stream.Read(buffer, 0, 500);
            stream.Write(buffer, 0, 100);
            received += client.Receive(buffer, 100, SocketFlags.None);
        }

        long after = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(20 * 600, received);
        Assert.Equal(before, after);
    }

    [Fact]
    public void A_span_is_read_into()
    {
        using Socket listener = Tcp();
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(1);
        using Socket client = Tcp();
        client.Connect(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint).Port));
        using Socket server = listener.Accept();
        using NetworkStream stream = new(server);
        client.Send(new byte[] { 1, 2, 3 });

        // nanoFramework's HttpListener asks a connection for its length
        Assert.True(server.Poll(-1, SelectMode.SelectRead));
        Assert.Equal(3, stream.Length);
        byte[] buffer = new byte[10];
        Assert.Equal(3, stream.Read(new SpanByte(buffer, 4, 6)));
        Assert.Equal(new byte[] { 0, 0, 0, 0, 1, 2, 3, 0, 0, 0 }, buffer);
    }

    [Fact]
    public void Every_error_of_the_stack_has_Winsocks_number()
    {
        foreach (TcpIp.SocketError error in Enum.GetValues<TcpIp.SocketError>().Where(e => (int)e < -1))
        {
            SocketException exception = new((SocketError)(int)error);
            Assert.True(Enum.IsDefined((SocketError)exception.ErrorCode), $"{error}: {exception.ErrorCode}");
            Assert.True(exception.ErrorCode > 10000, $"{error}: {exception.ErrorCode}");
            Assert.Equal(TcpIp.SocketErrorText.Of(error), exception.Message);
        }

        Assert.Equal(10060, new SocketException(SocketError.TimedOut).ErrorCode);
        Assert.Equal(10060, new SocketException((SocketError)(int)TcpIp.SocketError.TimedOut).ErrorCode);
        Assert.Equal(10054, new SocketException((SocketError)(int)TcpIp.SocketError.ConnectionReset).ErrorCode);
        Assert.Equal(10051, new SocketException((SocketError)(int)TcpIp.SocketError.NetworkUnreachable).ErrorCode);
        Assert.Equal(10048, new SocketException((SocketError)(int)TcpIp.SocketError.AddressInUse).ErrorCode);
        Assert.Equal(11001, new SocketException((SocketError)(int)TcpIp.SocketError.HostNotFound).ErrorCode);
        Assert.Equal(-1, new SocketException(SocketError.SocketError).ErrorCode);
    }

    [Fact]
    public void There_is_no_TLS_and_that_is_said()
    {
        using Socket listener = Tcp();
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(1);
        using Socket client = Tcp();
        client.Connect(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint).Port));
        SslStream stream = new(client);
        Assert.StartsWith("No TLS", Assert.Throws<NotSupportedException>(() => stream.AuthenticateAsClient("host", SslProtocols.Tls12)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => stream.AuthenticateAsServer(new X509Certificate(), SslProtocols.Tls12));
        Assert.Throws<NotSupportedException>(() => stream.AuthenticateAsServer(new X509Certificate(), true, SslProtocols.Tls12));
        Assert.Throws<NotSupportedException>(() => stream.AuthenticateAsClient("host", new X509Certificate(), SslProtocols.Tls12));
        Assert.Throws<NotSupportedException>(() => stream.AuthenticateAsClient("host", new X509Certificate(), new X509Certificate(), SslProtocols.Tls12));
        Assert.Throws<NotSupportedException>(() => stream.Length);
        stream.SslVerification = SslVerification.NoVerification;
        Assert.Equal(SslVerification.NoVerification, stream.SslVerification);
        stream.UseStoredDeviceCertificate = true;
        Assert.True(stream.UseStoredDeviceCertificate);
        Assert.Throws<NotSupportedException>(() => stream.Read(new byte[1], 0, 1));
        Assert.Throws<NotSupportedException>(() => stream.Write(new byte[1], 0, 1));
        Assert.False(stream.IsServer);
        Assert.False(stream.DataAvailable);
        stream.Close();
        Assert.True(client.Connected);
    }

    [Fact]
    public void Certificates_are_kept_and_not_read()
    {
        X509Certificate2 certificate = new([1, 2, 3], "key", "word");
        Assert.Equal([1, 2, 3], certificate.RawData);
        Assert.Equal("key"u8.ToArray(), certificate.PrivateKey);
        Assert.True(certificate.HasPrivateKey);
        Assert.Throws<NotSupportedException>(() => certificate.Issuer);
        Assert.Throws<NotSupportedException>(() => certificate.NotAfter);
        Assert.Throws<NotSupportedException>(() => certificate.PublicKey);
        Assert.Throws<NotSupportedException>(() => certificate.Subject);
        Assert.Throws<NotSupportedException>(() => certificate.NotBefore);
        Assert.Throws<NotSupportedException>(() => certificate.GetEffectiveDate());
        Assert.Throws<NotSupportedException>(() => certificate.GetExpirationDate());
        Assert.Equal([4], new X509Certificate([4]).GetRawCertData());
        Assert.Equal([4], new X509Certificate2([4]).RawData);
        Assert.Equal([5], new X509Certificate2([4], [5], "word").PrivateKey);
        Assert.True(new X509Certificate2("-----BEGIN", "key", "word").HasPrivateKey);
        Assert.False(new X509Certificate2().HasPrivateKey);
        Assert.False(new X509Certificate2("-----BEGIN").HasPrivateKey);
        Assert.Throws<ArgumentNullException>(() => new X509Certificate((byte[])null!));
        Assert.Throws<ArgumentNullException>(() => new X509Certificate((string)null!));
        Assert.False(CertificateManager.AddCaCertificateBundle("-----BEGIN"));
        Assert.False(CertificateManager.AddCaCertificateBundle([(byte)1]));
        Assert.False(CertificateManager.AddCaCertificateBundle([new X509Certificate([4])]));
        Assert.Equal(5, new CryptographicException(5).ErrorCode);
        Assert.Equal(0, new CryptographicException().ErrorCode);
    }

    [Fact]
    public void There_is_no_radio_and_that_is_said()
    {
        Assert.Empty(Wireless80211Configuration.GetAllWireless80211Configurations());
        Assert.Empty(WirelessAPConfiguration.GetAllWirelessAPConfigurations());
        Wireless80211Configuration station = new(3) { Ssid = "net", Password = "word", Options = Wireless80211Configuration.ConfigurationOptions.AutoConnect };
        Assert.Equal(3u, station.Id);
        Assert.Equal("net", station.Ssid);
        station.Authentication = AuthenticationType.WPA2;
        station.Encryption = EncryptionType.WPA2_PSK;
        station.Radio = RadioType._802_11n;
        Assert.Equal((AuthenticationType.WPA2, EncryptionType.WPA2_PSK, RadioType._802_11n), (station.Authentication, station.Encryption, station.Radio));
        Assert.Equal(("word", Wireless80211Configuration.ConfigurationOptions.AutoConnect), (station.Password, station.Options));
        Assert.Contains("No radio", Assert.Throws<NotSupportedException>(station.SaveConfiguration).Message, StringComparison.Ordinal);
        WirelessAPConfiguration point = new(1) { Channel = 6, MaxConnections = 4 };
        point.Ssid = "net";
        point.Password = "word";
        point.Options = WirelessAPConfiguration.ConfigurationOptions.HiddenSSID;
        point.Authentication = AuthenticationType.Open;
        point.Encryption = EncryptionType.None;
        point.Radio = RadioType._802_11g;
        Assert.Equal((1u, "net", "word", (byte)6, (byte)4), (point.Id, point.Ssid, point.Password, point.Channel, point.MaxConnections));
        Assert.Equal(WirelessAPConfiguration.ConfigurationOptions.HiddenSSID, point.Options);
        Assert.Equal((AuthenticationType.Open, EncryptionType.None, RadioType._802_11g), (point.Authentication, point.Encryption, point.Radio));
        Assert.Empty(point.GetConnectedStations());
        Assert.Null(point.GetConnectedStations(0));
        Assert.Throws<NotSupportedException>(point.SaveConfiguration);
        Assert.Throws<NotSupportedException>(() => point.DeAuthStation(0));
    }

    [Fact]
    public void The_interface_tells_of_the_network()
    {
        NetworkInterface ethernet = Assert.Single(NetworkInterface.GetAllNetworkInterfaces());
        Assert.Equal("10.0.0.1", ethernet.IPv4Address);
        Assert.Equal("255.255.255.0", ethernet.IPv4SubnetMask);
        Assert.Equal("0.0.0.0", ethernet.IPv4GatewayAddress);
        Assert.False(ethernet.IsDhcpEnabled);
        Assert.Equal(NetworkInterfaceType.Ethernet, ethernet.NetworkInterfaceType);
        Assert.Equal(new byte[] { 2, 0, 0, 0, 0, 1 }, ethernet.PhysicalAddress);
        Assert.Throws<NotSupportedException>(() => ethernet.PhysicalAddress = new byte[6]);
        Assert.True(NetworkInterface.GetIsNetworkAvailable());
        Assert.Equal("10.0.0.1", IPGlobalProperties.GetIPAddress().ToString());
        Assert.Equal("10.0.0.1", IPAddress.GetDefaultLocalAddress().ToString());
        Assert.Equal("10.0.0.1", Dns.GetHostEntry(string.Empty).AddressList[0].ToString());
        Assert.True(network.Network.IsLinkUp);
        ethernet.EnableStaticIPv4Dns(["10.0.0.5", "10.0.0.6"]);
        Assert.Equal(["10.0.0.5", "10.0.0.6"], ethernet.IPv4DnsAddresses);
        Assert.False(ethernet.IsAutomaticDnsEnabled);
        Assert.Throws<ArgumentException>(() => ethernet.EnableStaticIPv4Dns([]));
        Assert.Throws<ArgumentException>(() => ethernet.EnableStaticIPv4Dns(["10.0.0.7", "bad"]));
        Assert.Throws<ArgumentException>(() => ethernet.EnableStaticIPv4Dns(["10.0.0.7", "255.255.255.255"]));
        Assert.Equal(["10.0.0.5", "10.0.0.6"], ethernet.IPv4DnsAddresses);
        Assert.Throws<ArgumentException>(() => ethernet.EnableStaticIPv4("10.0.0.1", "255.0.255.0", "0.0.0.0"));
        Assert.Throws<ArgumentException>(() => ethernet.EnableStaticIPv4("10.0.0", "255.255.255.0", "0.0.0.0"));
        Assert.Throws<ArgumentException>(ethernet.RenewDhcpLease);
        Assert.Throws<ArgumentException>(ethernet.ReleaseDhcpLease);
        Assert.Throws<NotSupportedException>(() => ethernet.EnableStaticIPv6("fe80::1", "64", "::"));
        Assert.Throws<NotSupportedException>(() => ethernet.EnableStaticIPv6Dns(["fe80::1"]));
        ethernet.EnableAutomaticDns();
        Assert.True(ethernet.IsAutomaticDnsEnabled);
        ethernet.EnableStaticIP("10.0.0.1", "255.255.255.0", "0.0.0.0", string.Empty, string.Empty, string.Empty);
        Assert.Throws<NotSupportedException>(() => ethernet.EnableStaticIP("10.0.0.1", "255.255.255.0", "0.0.0.0", "fe80::1", "64", "::"));
        ethernet.SpecificConfigId = 3;
        Assert.Equal(3u, ethernet.SpecificConfigId);
        Assert.Equal("10.0.0.1", Dns.GetHostEntry("10.0.0.1").HostName);

        // there is one
        Assert.Throws<InvalidOperationException>(new Another().EnableDhcp);
    }

    private sealed class Another : NetworkInterface
    {
        public Another()
            : base(1)
        {
        }
    }

    private static Socket Tcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static Socket Udp() => new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    private static int Error(Action action) => Assert.Throws<SocketException>(action).ErrorCode;

    private sealed class SocketWithoutChip() : Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        public bool HasChip { get; set; }

        public int Asked { get; private set; }

        protected override void Dispose(bool disposing)
        {
            Asked++;
            if (!HasChip)
            {
                throw new InvalidOperationException();
            }

            base.Dispose(disposing);
        }
    }
}
