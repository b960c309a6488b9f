// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Net;

namespace HostTests.Stack.Net;

/// <summary>IPAddress and IPEndPoint: what System.Net's would do.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("192.168.1.50", 0xC0A80132u)]
    [InlineData("255.255.255.255", 0xFFFFFFFFu)]
    [InlineData("10.0.0.1", 0x0A000001u)]
    public void An_address_is_read_and_written(string text, uint value)
    {
        IPAddress address = IPAddress.Parse(text);
        Assert.Equal(value, address.Value);
        Assert.Equal(text, address.ToString());

        // and System.Net agrees, down to its number
        System.Net.IPAddress reference = System.Net.IPAddress.Parse(text);
        Assert.Equal(reference.GetAddressBytes(), address.GetAddressBytes());
#pragma warning disable CS0618 // the old number is what nanoFramework's constructor takes
        Assert.Equal(new IPAddress(reference.Address), address);
#pragma warning restore CS0618
        Assert.Equal(new IPAddress(reference.GetAddressBytes()), address);
        Assert.Equal(IPAddress.FromValue(value).GetHashCode(), address.GetHashCode());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4.")]
    [InlineData(".1.2.3.4")]
    [InlineData("1..2.3")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.99999999999")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.00")]
    [InlineData("1.2.3.-4")]
    [InlineData("1.2.3.+4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.0x4")]
    [InlineData("1.2.3.\u0664")]
    [InlineData("example.com")]
    [InlineData("::1")]
    public void Nothing_else_is_an_address(string? text)
    {
        Assert.Throws<ArgumentException>(() => IPAddress.Parse(text));
    }

    [Fact]
    public void Addresses_are_compared_by_value()
    {
        IPAddress a = IPAddress.Parse("1.2.3.4");
        IPAddress same = new([1, 2, 3, 4]);
        IPAddress other = IPAddress.Parse("1.2.3.5");
        Assert.True(a == same && !(a != same) && a.Equals(same));
        Assert.True(a != other && !a.Equals(other) && !a.Equals("1.2.3.4") && !a.Equals(null));
        Assert.True(a != null && null != a);
        IPAddress? none = null;
        Assert.True(none == null);
        Assert.Equal(IPAddress.Any, IPAddress.Parse("0.0.0.0"));
        Assert.Equal(IPAddress.Broadcast, IPAddress.Parse("255.255.255.255"));
        Assert.Equal(IPAddress.None, IPAddress.Broadcast);
        Assert.Equal(IPAddress.Loopback, IPAddress.Parse("127.0.0.1"));
    }

    [Fact]
    public void What_is_no_address_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new IPAddress(new byte[3]));
        Assert.Throws<ArgumentException>(() => new IPAddress(new byte[16]));
        Assert.Throws<ArgumentException>(() => new IPAddress((byte[]?)null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IPAddress(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IPAddress(0x100000000));
    }

    [Fact]
    public void An_endpoint_is_an_address_and_a_port()
    {
        IPEndPoint endPoint = new(IPAddress.Parse("1.2.3.4"), 80);
        Assert.Equal("1.2.3.4:80", endPoint.ToString());
        Assert.Equal(0x01020304u, endPoint.AddressValue);
        Assert.Equal(IPAddress.Parse("1.2.3.4"), endPoint.Address);
        Assert.Equal(new IPEndPoint(0x04030201, 80), endPoint);
        Assert.Equal(new IPEndPoint(0x04030201, 80).GetHashCode(), endPoint.GetHashCode());
        Assert.False(endPoint.Equals(new IPEndPoint(0x04030201, 81)) || endPoint.Equals(null) || endPoint.Equals("1.2.3.4:80"));
        endPoint.Address = IPAddress.Broadcast;
        endPoint.Port = IPEndPoint.MaxPort;
        Assert.Equal("255.255.255.255:65535", endPoint.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => endPoint.Port = 65536);
        Assert.Throws<ArgumentOutOfRangeException>(() => new IPEndPoint(0, -1));
        Assert.Throws<ArgumentNullException>(() => endPoint.Address = null);
        Assert.Throws<ArgumentNullException>(() => new IPEndPoint(null, 1));
    }
}
