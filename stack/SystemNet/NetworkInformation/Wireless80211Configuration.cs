// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// What a Wi-Fi station would be set to. There is no radio here: none is stored, and saving one throws.
    /// </summary>
    public partial class Wireless80211Configuration
    {
        private readonly uint _id;

        /// <summary>
        /// What it does by itself.
        /// </summary>
        [Flags]
        public enum ConfigurationOptions : byte
        {
            /// <summary>Nothing.</summary>
            None = 0,

            /// <summary>It is off.</summary>
            Disable = 1,

            /// <summary>It is on.</summary>
            Enable = 2,

            /// <summary>It is on, and looks for its network.</summary>
            AutoConnect = 6,

            /// <summary>It is on, and is told by a telephone.</summary>
            SmartConfig = 10,
        }

        /// <summary>Gets or sets how a station shows that it may come in.</summary>
        public AuthenticationType Authentication { get; set; }

        /// <summary>Gets or sets how it encrypts.</summary>
        public EncryptionType Encryption { get; set; }

        /// <summary>Gets or sets the kind of radio.</summary>
        public RadioType Radio { get; set; }

        /// <summary>Gets or sets what it does by itself.</summary>
        public ConfigurationOptions Options { get; set; }

        /// <summary>Gets or sets the password.</summary>
        public string Password { get; set; }

        /// <summary>Gets or sets the name of the radio network.</summary>
        public string Ssid { get; set; }

        /// <summary>Gets its number.</summary>
        public uint Id => _id;

        /// <summary>
        /// Initializes a new instance of the <see cref="Wireless80211Configuration"/> class.
        /// </summary>
        /// <param name="id">Its number.</param>
        public Wireless80211Configuration(uint id)
        {
            _id = id;
        }

        /// <summary>
        /// Says that there is no radio.
        /// </summary>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void SaveConfiguration() => Refuse();

        /// <summary>
        /// What is stored.
        /// </summary>
        /// <returns>Nothing.</returns>
        public static Wireless80211Configuration[] GetAllWireless80211Configurations() => new Wireless80211Configuration[0];

        private void Refuse() => throw new NotSupportedException("No radio in this network: it is Ethernet.");
    }
}
