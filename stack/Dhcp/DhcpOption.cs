// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dhcp
{
    /// <summary>
    /// The codes of options that are sent or understood here (RFC 2132, RFC 3442).
    /// </summary>
    internal static class DhcpOption
    {
        internal const int Pad = 0;
        internal const int SubnetMask = 1;
        internal const int Router = 3;
        internal const int DomainNameServer = 6;
        internal const int HostName = 12;
        internal const int DomainName = 15;
        internal const int NtpServer = 42;
        internal const int RequestedAddress = 50;
        internal const int LeaseTime = 51;

        /// <summary>The fields 'file' and 'sname' hold options.</summary>
        internal const int Overload = 52;

        internal const int MessageType = 53;
        internal const int ServerIdentifier = 54;
        internal const int ParameterRequestList = 55;
        internal const int MaximumMessageSize = 57;

        /// <summary>T1, in seconds.</summary>
        internal const int RenewalTime = 58;

        /// <summary>T2, in seconds.</summary>
        internal const int RebindingTime = 59;

        internal const int ClientIdentifier = 61;
        internal const int ClasslessStaticRoute = 121;
        internal const int End = 255;
    }
}
