// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// What a Wi-Fi access point would be set to. There is no radio here: none is stored, and saving one throws.
    /// </summary>
    public partial class WirelessAPConfiguration
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

            /// <summary>It is on, and begins by itself.</summary>
            AutoStart = 6,

            /// <summary>It does not tell its name.</summary>
            HiddenSSID = 8,
        }

        /// <summary>Gets or sets how a station shows that it may come in.</summary>
        public AuthenticationType Authentication { get; set; }

        /// <summary>Gets or sets how it encrypts.</summary>
        public EncryptionType Encryption { get; set; }

        /// <summary>Gets or sets the kind of radio.</summary>
        public RadioType Radio { get; set; }

        /// <summary>Gets or sets the password.</summary>
        public string Password { get; set; }

        /// <summary>Gets or sets the name of the radio network.</summary>
        public string Ssid { get; set; }

        /// <summary>Gets or sets what it does by itself.</summary>
        public ConfigurationOptions Options { get; set; }

        /// <summary>Gets or sets the channel.</summary>
        public byte Channel { get; set; }

        /// <summary>Gets or sets how many stations may come.</summary>
        public byte MaxConnections { get; set; }

        /// <summary>Gets its number.</summary>
        public uint Id => _id;

        /// <summary>
        /// Initializes a new instance of the <see cref="WirelessAPConfiguration"/> class.
        /// </summary>
        /// <param name="id">Its number.</param>
        public WirelessAPConfiguration(uint id)
        {
            _id = id;
        }

        /// <summary>
        /// Says that there is no radio.
        /// </summary>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void SaveConfiguration() => Refuse();

        /// <summary>
        /// The stations that are there.
        /// </summary>
        /// <returns>None.</returns>
        public WirelessAPStation[] GetConnectedStations() => new WirelessAPStation[0];

        /// <summary>
        /// A station that is there.
        /// </summary>
        /// <param name="stationIndex">Which one.</param>
        /// <returns>Null: there is none.</returns>
        public WirelessAPStation GetConnectedStations(int stationIndex)
        {
            WirelessAPStation[] stations = GetConnectedStations();
            return stationIndex >= 0 && stationIndex < stations.Length ? stations[stationIndex] : null;
        }

        /// <summary>
        /// Says that there is no radio.
        /// </summary>
        /// <param name="stationIndex">Not used.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void DeAuthStation(int stationIndex) => Refuse();

        /// <summary>
        /// What is stored.
        /// </summary>
        /// <returns>Nothing.</returns>
        public static WirelessAPConfiguration[] GetAllWirelessAPConfigurations() => new WirelessAPConfiguration[0];

        private void Refuse() => throw new NotSupportedException("No radio in this network: it is Ethernet.");
    }
}
