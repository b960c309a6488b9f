// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Mdns
{
    /// <summary>
    /// A service that others on the link can find by its kind (RFC 6763).
    /// </summary>
    public sealed class MdnsService
    {
        /// <summary>Gets or sets the kind: "_http._tcp" for a page.</summary>
        public string Type { get; set; } = "_http._tcp";

        /// <summary>
        /// Gets or sets what people see in a list, such as "Kitchen thermometer": any text of up to 63 bytes in UTF-8. If null, the host's name.
        /// </summary>
        public string Name { get; set; }

        /// <summary>Gets or sets the port (1 to 65535).</summary>
        public int Port { get; set; } = 80;

        /// <summary>
        /// Gets or sets what the service says of itself, such as "path=/status" (RFC 6763 section 6): up to 255 characters each, 400 in all; null
        /// for nothing.
        /// </summary>
        public string[] Text { get; set; }
    }
}
