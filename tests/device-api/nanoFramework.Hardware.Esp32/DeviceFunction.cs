// Licensed under the MIT license. See LICENSE in the repository root.

namespace nanoFramework.Hardware.Esp32;

/// <summary>Functions that a pin can be given: 0x00DDIIFF with device type, device number and function of that device.</summary>
public enum DeviceFunction
{
    /// <summary>SPI1 MOSI.</summary>
    SPI1_MOSI = 65792,

    /// <summary>SPI1 MISO.</summary>
    SPI1_MISO = 65793,

    /// <summary>SPI1 CLOCK.</summary>
    SPI1_CLOCK = 65794,

    /// <summary>SPI2 MOSI.</summary>
    SPI2_MOSI = 66048,

    /// <summary>SPI2 MISO.</summary>
    SPI2_MISO = 66049,

    /// <summary>SPI2 CLOCK.</summary>
    SPI2_CLOCK = 66050,

    /// <summary>I2C1 DATA.</summary>
    I2C1_DATA = 131328,

    /// <summary>I2C1 CLOCK.</summary>
    I2C1_CLOCK = 131329,

    /// <summary>I2C2 DATA.</summary>
    I2C2_DATA = 131584,

    /// <summary>I2C2 CLOCK.</summary>
    I2C2_CLOCK = 131585,

    /// <summary>COM1 TX.</summary>
    COM1_TX = 196864,

    /// <summary>COM1 RX.</summary>
    COM1_RX = 196865,

    /// <summary>COM1 RTS.</summary>
    COM1_RTS = 196866,

    /// <summary>COM1 CTS.</summary>
    COM1_CTS = 196867,

    /// <summary>COM2 TX.</summary>
    COM2_TX = 197120,

    /// <summary>COM2 RX.</summary>
    COM2_RX = 197121,

    /// <summary>COM2 RTS.</summary>
    COM2_RTS = 197122,

    /// <summary>COM2 CTS.</summary>
    COM2_CTS = 197123,

    /// <summary>COM3 TX.</summary>
    COM3_TX = 197376,

    /// <summary>COM3 RX.</summary>
    COM3_RX = 197377,

    /// <summary>COM3 RTS.</summary>
    COM3_RTS = 197378,

    /// <summary>COM3 CTS.</summary>
    COM3_CTS = 197379,

    /// <summary>COM4 TX.</summary>
    COM4_TX = 197632,

    /// <summary>COM4 RX.</summary>
    COM4_RX = 197633,

    /// <summary>COM4 RTS.</summary>
    COM4_RTS = 197634,

    /// <summary>COM4 CTS.</summary>
    COM4_CTS = 197635,

    /// <summary>PWM1.</summary>
    PWM1 = 262400,

    /// <summary>PWM2.</summary>
    PWM2 = 262656,

    /// <summary>PWM3.</summary>
    PWM3 = 262912,

    /// <summary>PWM4.</summary>
    PWM4 = 263168,

    /// <summary>PWM5.</summary>
    PWM5 = 263424,

    /// <summary>PWM6.</summary>
    PWM6 = 263680,

    /// <summary>PWM7.</summary>
    PWM7 = 263936,

    /// <summary>PWM8.</summary>
    PWM8 = 264192,

    /// <summary>PWM9.</summary>
    PWM9 = 264448,

    /// <summary>PWM10.</summary>
    PWM10 = 264704,

    /// <summary>PWM11.</summary>
    PWM11 = 264960,

    /// <summary>PWM12.</summary>
    PWM12 = 265216,

    /// <summary>PWM13.</summary>
    PWM13 = 265472,

    /// <summary>PWM14.</summary>
    PWM14 = 265728,

    /// <summary>PWM15.</summary>
    PWM15 = 265984,

    /// <summary>PWM16.</summary>
    PWM16 = 266240,

    /// <summary>ADC1 CH0.</summary>
    ADC1_CH0 = 327936,

    /// <summary>ADC1 CH1.</summary>
    ADC1_CH1 = 327937,

    /// <summary>ADC1 CH2.</summary>
    ADC1_CH2 = 327938,

    /// <summary>ADC1 CH3.</summary>
    ADC1_CH3 = 327939,

    /// <summary>ADC1 CH4.</summary>
    ADC1_CH4 = 327940,

    /// <summary>ADC1 CH5.</summary>
    ADC1_CH5 = 327941,

    /// <summary>ADC1 CH6.</summary>
    ADC1_CH6 = 327942,

    /// <summary>ADC1 CH7.</summary>
    ADC1_CH7 = 327943,

    /// <summary>ADC1 CH8.</summary>
    ADC1_CH8 = 327944,

    /// <summary>ADC1 CH9.</summary>
    ADC1_CH9 = 327945,

    /// <summary>ADC1 CH10.</summary>
    ADC1_CH10 = 327946,

    /// <summary>ADC1 CH11.</summary>
    ADC1_CH11 = 327947,

    /// <summary>ADC1 CH12.</summary>
    ADC1_CH12 = 327948,

    /// <summary>ADC1 CH13.</summary>
    ADC1_CH13 = 327949,

    /// <summary>ADC1 CH14.</summary>
    ADC1_CH14 = 327950,

    /// <summary>ADC1 CH15.</summary>
    ADC1_CH15 = 327951,

    /// <summary>ADC1 CH16.</summary>
    ADC1_CH16 = 327952,

    /// <summary>ADC1 CH17.</summary>
    ADC1_CH17 = 327953,

    /// <summary>ADC1 CH18.</summary>
    ADC1_CH18 = 327954,

    /// <summary>ADC1 CH19.</summary>
    ADC1_CH19 = 327955,

    /// <summary>I2S1 MCK.</summary>
    I2S1_MCK = 393472,

    /// <summary>I2S1 BCK.</summary>
    I2S1_BCK = 393473,

    /// <summary>I2S1 WS.</summary>
    I2S1_WS = 393474,

    /// <summary>I2S1 DATA OUT.</summary>
    I2S1_DATA_OUT = 393475,

    /// <summary>I2S1 MDATA IN.</summary>
    I2S1_MDATA_IN = 393476,

    /// <summary>I2S2 MCK.</summary>
    I2S2_MCK = 393728,

    /// <summary>I2S2 BCK.</summary>
    I2S2_BCK = 393729,

    /// <summary>I2S2 WS.</summary>
    I2S2_WS = 393730,

    /// <summary>I2S2 DATA OUT.</summary>
    I2S2_DATA_OUT = 393731,

    /// <summary>I2S2 MDATA IN.</summary>
    I2S2_MDATA_IN = 393732,

    /// <summary>SDMMC1 CLOCK.</summary>
    SDMMC1_CLOCK = 524544,

    /// <summary>SDMMC1 COMMAND.</summary>
    SDMMC1_COMMAND = 524545,

    /// <summary>SDMMC1 D0.</summary>
    SDMMC1_D0 = 524546,

    /// <summary>SDMMC1 D1.</summary>
    SDMMC1_D1 = 524547,

    /// <summary>SDMMC1 D2.</summary>
    SDMMC1_D2 = 524548,

    /// <summary>SDMMC1 D3.</summary>
    SDMMC1_D3 = 524549,

    /// <summary>SDMMC2 CLOCK.</summary>
    SDMMC2_CLOCK = 524800,

    /// <summary>SDMMC2 COMMAND.</summary>
    SDMMC2_COMMAND = 524801,

    /// <summary>SDMMC2 D0.</summary>
    SDMMC2_D0 = 524802,

    /// <summary>SDMMC2 D1.</summary>
    SDMMC2_D1 = 524803,

    /// <summary>SDMMC2 D2.</summary>
    SDMMC2_D2 = 524804,

    /// <summary>SDMMC2 D3.</summary>
    SDMMC2_D3 = 524805,
}
