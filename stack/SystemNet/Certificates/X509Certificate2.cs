// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace System.Security.Cryptography.X509Certificates
{
    /// <summary>
    /// A certificate with its private key, both as bytes that nobody reads here.
    /// </summary>
    public partial class X509Certificate2 : X509Certificate
    {
        // the firmware's native code knows the fields by their order
        private readonly byte[] _privateKey;
        private readonly string _password;

        /// <summary>
        /// Initializes a new instance of the <see cref="X509Certificate2"/> class without bytes.
        /// </summary>
        public X509Certificate2()
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="X509Certificate2"/> class.
        /// </summary>
        /// <param name="rawData">The certificate.</param>
        public X509Certificate2(byte[] rawData)
            : base(rawData)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="X509Certificate2"/> class.
        /// </summary>
        /// <param name="certificate">The certificate as text (PEM).</param>
        public X509Certificate2(string certificate)
            : base(certificate)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="X509Certificate2"/> class.
        /// </summary>
        /// <param name="rawData">The certificate as text (PEM).</param>
        /// <param name="key">The private key as text.</param>
        /// <param name="password">The password of the key, or null.</param>
        public X509Certificate2(string rawData, string key, string password)
            : base(rawData)
        {
            _privateKey = Encoding.UTF8.GetBytes(key);
            _password = password;
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="X509Certificate2"/> class.
        /// </summary>
        /// <param name="rawData">The certificate.</param>
        /// <param name="key">The private key as text.</param>
        /// <param name="password">The password of the key, or null.</param>
        public X509Certificate2(byte[] rawData, string key, string password)
            : this(rawData, Encoding.UTF8.GetBytes(key), password)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="X509Certificate2"/> class.
        /// </summary>
        /// <param name="rawData">The certificate.</param>
        /// <param name="key">The private key.</param>
        /// <param name="password">The password of the key, or null.</param>
        public X509Certificate2(byte[] rawData, byte[] key, string password)
            : base(rawData)
        {
            _privateKey = key;
            _password = password;
        }

        /// <summary>Gets a value indicating whether there is a private key.</summary>
        public bool HasPrivateKey => _privateKey != null;

        /// <summary>Gets the private key, or null.</summary>
        public byte[] PrivateKey => _privateKey;

        /// <summary>Gets nothing: a certificate is not read here.</summary>
        /// <exception cref="NotSupportedException">Always.</exception>
        public byte[] PublicKey => throw new NotSupportedException(NotRead);

        /// <summary>Gets until when it is good.</summary>
        /// <exception cref="NotSupportedException">Nobody has said, for it is not read here.</exception>
        public DateTime NotAfter => GetExpirationDate();

        /// <summary>Gets from when on it is good.</summary>
        /// <exception cref="NotSupportedException">Nobody has said, for it is not read here.</exception>
        public DateTime NotBefore => GetEffectiveDate();

        /// <summary>Gets the certificate's bytes, or null.</summary>
        public byte[] RawData => GetRawCertData();
    }
}
