// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Dns;

namespace TcpIp.Mdns
{
    /// <summary>
    /// The name that a host is found by on its link, and what it offers. It is read when the responder is made.
    /// </summary>
    public sealed class MdnsConfiguration
    {
        /// <summary>The most services.</summary>
        public const int MaximumServices = 5;

        private const int LongestText = 400;

        /// <summary>Gets or sets the host's name without ".local": letters, digits and hyphens, 63 at most.</summary>
        public string HostName { get; set; } = "board";

        /// <summary>Gets or sets what the host offers, up to <see cref="MaximumServices"/>; null for nothing.</summary>
        public MdnsService[] Services { get; set; }

        /// <summary>Gets or sets the bytes of the longest message that is read whole or written (512 to 1472).</summary>
        public int MessageBytes { get; set; } = 1024;

        /// <summary>
        /// Checks all values.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the exception names the property.</exception>
        public void Validate()
        {
            byte[] scratch = new byte[DnsName.Longest];
            Require(HostName != null && HostName.Length <= DnsName.LongestLabel && IsLabel(HostName, scratch), nameof(HostName));
            Require(MessageBytes >= 512 && MessageBytes <= 1472, nameof(MessageBytes));
            Require(Services == null || Services.Length <= MaximumServices, nameof(Services));
            for (int i = 0; Services != null && i < Services.Length; i++)
            {
                MdnsService service = Services[i];
                Require(service != null && service.Port > 0 && service.Port <= 65535 && IsKind(service.Type, scratch), nameof(Services));
                int name = service.Name == null ? 1 : BytesOf(service.Name).Length;
                Require(name > 0 && name <= DnsName.LongestLabel && TextOf(service.Text) != null, nameof(Services));
                for (int other = 0; other < i; other++)
                {
                    Require(Services[other].Type != service.Type || Services[other].Name != service.Name, nameof(Services));
                }
            }
        }

        /// <summary>
        /// A text in UTF-8 (RFC 3629), without surrogates.
        /// </summary>
        /// <param name="text">The text.</param>
        /// <returns>Its bytes.</returns>
        internal static byte[] BytesOf(string text)
        {
            char[] characters = text.ToCharArray();
            byte[] bytes = new byte[3 * characters.Length];
            int length = 0;
            for (int i = 0; i < characters.Length; i++)
            {
                int c = characters[i];
                if (c < 0x80)
                {
                    bytes[length++] = (byte)c;
                    continue;
                }

                if (c < 0x800)
                {
                    bytes[length++] = (byte)(0xC0 | (c >> 6));
                }
                else
                {
                    bytes[length++] = (byte)(0xE0 | (c >> 12));
                    bytes[length++] = (byte)(0x80 | ((c >> 6) & 0x3F));
                }

                bytes[length++] = (byte)(0x80 | (c & 0x3F));
            }

            byte[] whole = new byte[length];
            Array.Copy(bytes, whole, length);
            return whole;
        }

        /// <summary>
        /// The data of a TXT record: each text with its length before it; one that is empty for nothing (RFC 6763 section 6.1).
        /// </summary>
        /// <param name="texts">The texts, or null.</param>
        /// <returns>The data, or null if they are too long.</returns>
        internal static byte[] TextOf(string[] texts)
        {
            byte[] data = new byte[LongestText];
            int length = 0;
            for (int i = 0; texts != null && i < texts.Length; i++)
            {
                byte[] text = BytesOf(texts[i]);
                if (text.Length > 255 || length + 1 + text.Length > LongestText)
                {
                    return null;
                }

                data[length++] = (byte)text.Length;
                Array.Copy(text, 0, data, length, text.Length);
                length += text.Length;
            }

            byte[] whole = new byte[length == 0 ? 1 : length];
            Array.Copy(data, whole, length);
            return whole;
        }

        private static bool IsLabel(string text, byte[] scratch)
        {
            int length = DnsName.Encode(text, scratch);

            // one label, and the empty one
            return length > 0 && length == scratch[0] + 2;
        }

        private static bool IsKind(string text, byte[] scratch)
        {
            int length = DnsName.Encode(text, scratch);
            int second = length > 0 ? scratch[0] + 1 : 0;
            return length > 0 && length < 40 && scratch[1] == '_' && scratch[second] == 4 && scratch[second + 1] == '_' && second + 6 == length;
        }

        private static void Require(bool condition, string property)
        {
            if (!condition)
            {
                throw new ArgumentOutOfRangeException(property, "MdnsConfiguration." + property + " is out of its range.");
            }
        }
    }
}
